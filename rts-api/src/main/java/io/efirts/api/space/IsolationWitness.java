// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.VirtualMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * An address space that remembers what was translated: which declared regions a call has touched,
 * by which alias and how, and whether it has touched anything else. For diagnosis: it stands
 * between an {@link io.efirts.api.memory.AddressSpaceView} and the address space, answers what that
 * answers, and changes nothing.
 *
 * <p>Translations count whether they succeed or not: a store into a read-only page is remembered as
 * a write, and an address that nobody declared as outside even where it is mapped, which is what a
 * host's own memory is to firmware. Looking at an address space through it, as an explanation does,
 * counts too.
 *
 * <p>For one thread at a time, that of the call. {@link #translate} and {@link #begin} never
 * allocate or block; a translation costs a binary search more than without it.
 */
public final class IsolationWitness implements AddressSpace {
  private static final Access[] ACCESSES = Access.values();

  private final AddressSpace observed;
  private final List<DeclaredRange> declared;
  private final AddressIndex index;

  /** By declared range: a bit for each kind of access. */
  private final int[] accesses;

  private long outside;
  private long firstOutside;
  private Access firstOutsideAccess;

  /**
   * A witness that has seen nothing yet.
   *
   * @param observed the address space
   * @param plan the regions that firmware has declared; when it changes, so must the witness
   * @param ranges what else firmware may touch, at its physical address; what lies in a region is
   *     the region's
   */
  public IsolationWitness(AddressSpace observed, VirtualMap plan, List<MappedPages> ranges) {
    this.observed = Objects.requireNonNull(observed, "observed");
    this.declared =
        DeclaredRange.of(
            Objects.requireNonNull(plan, "plan"), Objects.requireNonNull(ranges, "ranges"));
    this.index = new AddressIndex(declared);
    this.accesses = new int[declared.size()];
  }

  /** Forgets everything: a call is about to begin. */
  public void begin() {
    Arrays.fill(accesses, 0);
    outside = 0;
    firstOutside = 0;
    firstOutsideAccess = null;
  }

  /**
   * The declared memory that was touched since {@link #begin}. Allocates.
   *
   * @return regions in physical order, then further ranges in the order given; each once for each
   *     alias
   */
  public List<TouchedRange> touched() {
    List<TouchedRange> touched = new ArrayList<>();
    for (int i = 0; i < accesses.length; i++) {
      if (accesses[i] != 0) {
        DeclaredRange range = declared.get(i);
        touched.add(
            new TouchedRange(
                range.physicalStart(),
                range.pages(),
                range.region(),
                range.alias(),
                accessesIn(accesses[i])));
      }
    }
    return List.copyOf(touched);
  }

  private static Set<Access> accessesIn(int bits) {
    Set<Access> found = EnumSet.noneOf(Access.class);
    for (Access access : ACCESSES) {
      if ((bits >>> access.ordinal() & 1) != 0) {
        found.add(access);
      }
    }
    return found;
  }

  /**
   * What was touched since {@link #begin} and not declared. Allocates.
   *
   * @return how often, and where first
   */
  public OutsideTouches outside() {
    return new OutsideTouches(outside, firstOutside, firstOutsideAccess);
  }

  @Override
  public long translate(long virtualAddress, Access access) {
    int range = index.find(virtualAddress);
    if (range != AddressIndex.NONE) {
      accesses[range] |= 1 << access.ordinal();
    } else if (outside++ == 0) {
      firstOutside = virtualAddress;
      firstOutsideAccess = access;
    }
    return observed.translate(virtualAddress, access);
  }

  @Override
  public FlushToken map(
      VirtualAddress virtual,
      PhysicalAddress physical,
      long lengthBytes,
      MappingAttributes attributes) {
    return observed.map(virtual, physical, lengthBytes, attributes);
  }

  @Override
  public FlushToken unmap(VirtualAddress virtual, long lengthBytes) {
    return observed.unmap(virtual, lengthBytes);
  }

  @Override
  public FlushToken protect(
      VirtualAddress virtual, long lengthBytes, MappingAttributes attributes) {
    return observed.protect(virtual, lengthBytes, attributes);
  }

  @Override
  public long root() {
    return observed.root();
  }
}
