// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.flat;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An identity address space: every mapped virtual address is its own physical address.
 *
 * <p>Changes are made on a sorted map of whole ranges and then published as arrays, so {@link
 * #translate} is a binary search over plain arrays and allocates nothing.
 */
public final class FlatAddressSpace implements AddressSpace {
  private static final Ranges EMPTY =
      new Ranges(new long[0], new long[0], new MappingAttributes[0]);

  /** First address of a range to the range; ranges are disjoint, neighbours may touch. */
  private final TreeMap<Long, Range> byStart = new TreeMap<>();

  private final long root;
  private volatile Ranges published = EMPTY;

  /**
   * An empty address space.
   *
   * @param root what {@link #root()} returns; tells this address space from others on the same vCPU
   */
  public FlatAddressSpace(long root) {
    this.root = root;
  }

  @Override
  public FlushToken map(
      VirtualAddress virtual,
      PhysicalAddress physical,
      long lengthBytes,
      MappingAttributes attributes) {
    Objects.requireNonNull(attributes, "attributes");
    if (virtual.value() != physical.value()) {
      throw new IllegalArgumentException(
          "a flat address space maps identically: virtual=" + virtual + ", physical=" + physical);
    }
    long start = virtual.value();
    long end = checkedEnd(start, lengthBytes);
    Map.Entry<Long, Range> before = byStart.lowerEntry(end);
    if (before != null && before.getValue().end > start) {
      throw new IllegalArgumentException(
          "range must not be mapped yet: virtual="
              + virtual
              + ", length=0x"
              + Long.toHexString(lengthBytes));
    }
    byStart.put(start, new Range(end, attributes));
    publish();
    return FlushToken.NONE;
  }

  @Override
  public FlushToken unmap(VirtualAddress virtual, long lengthBytes) {
    long start = virtual.value();
    long end = checkedEnd(start, lengthBytes);
    requireMapped(start, end);
    splitAt(start);
    splitAt(end);
    byStart.subMap(start, end).clear();
    publish();
    return FlushToken.NONE;
  }

  @Override
  public FlushToken protect(
      VirtualAddress virtual, long lengthBytes, MappingAttributes attributes) {
    Objects.requireNonNull(attributes, "attributes");
    long start = virtual.value();
    long end = checkedEnd(start, lengthBytes);
    requireMapped(start, end);
    splitAt(start);
    splitAt(end);
    byStart.subMap(start, end).replaceAll((from, range) -> new Range(range.end, attributes));
    publish();
    return FlushToken.NONE;
  }

  @Override
  public long translate(long virtualAddress, Access access) {
    Ranges ranges = published;
    int index = ranges.indexOf(virtualAddress);
    if (index < 0) {
      return Translation.fault(FaultKind.NOT_MAPPED);
    }
    return ranges.attributes[index].permits(access)
        ? virtualAddress
        : Translation.fault(FaultKind.PROTECTION);
  }

  @Override
  public long root() {
    return root;
  }

  private static long checkedEnd(long start, long lengthBytes) {
    boolean aligned = ((start | lengthBytes) & (PAGE_BYTES - 1)) == 0;
    boolean inRange =
        start >= 0
            && lengthBytes > 0
            && lengthBytes <= (1L << PhysicalAddress.MAXIMUM_BITS) - start;
    if (!aligned || !inRange) {
      throw new IllegalArgumentException(
          "range must be a positive multiple of 4096 within 52 bits: start=0x"
              + Long.toHexString(start)
              + ", length=0x"
              + Long.toHexString(lengthBytes));
    }
    return start + lengthBytes;
  }

  private void requireMapped(long start, long end) {
    long covered = start;
    while (covered < end) {
      Map.Entry<Long, Range> entry = byStart.floorEntry(covered);
      if (entry == null || entry.getValue().end <= covered) {
        throw new IllegalArgumentException(
            "range must be mapped: start=0x"
                + Long.toHexString(start)
                + ", end=0x"
                + Long.toHexString(end)
                + ", missing=0x"
                + Long.toHexString(covered));
      }
      covered = entry.getValue().end;
    }
  }

  private void splitAt(long address) {
    Map.Entry<Long, Range> entry = byStart.lowerEntry(address);
    if (entry != null && entry.getValue().end > address) {
      Range whole = entry.getValue();
      byStart.put(entry.getKey(), new Range(address, whole.attributes));
      byStart.put(address, new Range(whole.end, whole.attributes));
    }
  }

  private void publish() {
    int count = byStart.size();
    long[] starts = new long[count];
    long[] ends = new long[count];
    MappingAttributes[] attributes = new MappingAttributes[count];
    int i = 0;
    for (Map.Entry<Long, Range> entry : byStart.entrySet()) {
      starts[i] = entry.getKey();
      ends[i] = entry.getValue().end;
      attributes[i++] = entry.getValue().attributes;
    }
    published = new Ranges(starts, ends, attributes);
  }

  private record Range(long end, MappingAttributes attributes) {}

  /** One published state; never changed after its reference was written. */
  private record Ranges(long[] starts, long[] ends, MappingAttributes[] attributes) {
    int indexOf(long address) {
      int low = 0;
      int high = starts.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        if (address < starts[middle]) {
          high = middle - 1;
        } else if (address >= ends[middle]) {
          low = middle + 1;
        } else {
          return middle;
        }
      }
      return -1;
    }
  }
}
