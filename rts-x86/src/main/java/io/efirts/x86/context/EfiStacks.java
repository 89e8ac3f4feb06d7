// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where the stacks lie on which firmware is called, one for each save area of a context, so that an
 * entry nested in another one runs on memory of its own:
 *
 * <pre>
 *  base | guard page | stack 0 | guard page | stack 1 | ... | stack count-1 |
 * </pre>
 *
 * Stacks grow downwards. If the address space maps {@link #mapped()} and nothing else of this
 * range, a stack that overflows meets its guard page, which is a fault. Where all memory is mapped
 * there is no fault; the lowest 8 bytes of each stack are a canary, which is looked at after each
 * call.
 *
 * @param base physical and virtual address of the first guard page, a multiple of 4096
 * @param count how many stacks, at least 1
 * @param stackBytes size of each, a multiple of 4096
 */
public record EfiStacks(PhysicalAddress base, int count, int stackBytes) {
  /** The least that UEFI has a caller of runtime services provide (2.10 section 2.3.4). */
  public static final int MINIMUM_STACK_BYTES = 4096;

  /** Room for firmware that knows only the 128 KiB of boot time, within reason. */
  public static final int DEFAULT_STACK_BYTES = 16 * 1024;

  /** As many as a dispatcher's ordinary paths: worker, direct calls, reset, emergency. */
  public static final int DISPATCHER_COUNT = 4;

  private static final int MAXIMUM_STACK_BYTES = 1 << 20;
  private static final int MAXIMUM_COUNT = 256;
  private static final int GUARD_BYTES = AddressSpace.PAGE_BYTES;

  /**
   * Checks the layout.
   *
   * @throws IllegalArgumentException if the base is not a multiple of 4096, there are not 1 to 256
   *     stacks, they do not have 4 KiB to 1 MiB in whole pages, or the last one ends beyond 52 bits
   */
  public EfiStacks {
    Objects.requireNonNull(base, "base");
    long length = lengthBytes(count, stackBytes);
    if (base.value() % AddressSpace.PAGE_BYTES != 0
        || length > (1L << PhysicalAddress.MAXIMUM_BITS) - base.value()) {
      throw new IllegalArgumentException(
          "stacks must start on a multiple of 4096 and end within 52 bits: base="
              + base
              + ", length=0x"
              + Long.toHexString(length));
    }
  }

  /**
   * How much memory stacks take, guard pages included.
   *
   * @param count how many, 1 to 256
   * @param stackBytes size of each, 4 KiB to 1 MiB, a multiple of 4096
   * @return number of bytes
   * @throws IllegalArgumentException if one is out of range
   */
  public static long lengthBytes(int count, int stackBytes) {
    if (count < 1 || count > MAXIMUM_COUNT) {
      throw new IllegalArgumentException("stacks must be 1 to 256: count=" + count);
    }
    if (stackBytes < MINIMUM_STACK_BYTES
        || stackBytes > MAXIMUM_STACK_BYTES
        || stackBytes % AddressSpace.PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "a stack must have 4 KiB to 1 MiB in whole pages: stackBytes=" + stackBytes);
    }
    return (long) count * (GUARD_BYTES + stackBytes);
  }

  /**
   * How much memory these take, guard pages included.
   *
   * @return number of bytes from {@link #base()}
   */
  public long lengthBytes() {
    return lengthBytes(count, stackBytes);
  }

  /**
   * What the address space has to map, each page at its physical address: the stacks, readable and
   * writable, without their guard pages. Allocates.
   *
   * @return the stacks in ascending order, an immutable list
   */
  public List<MappedPages> mapped() {
    List<MappedPages> pages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pages.add(
          new MappedPages(bottom(i), stackBytes / AddressSpace.PAGE_BYTES, MappingAttributes.DATA));
    }
    return List.copyOf(pages);
  }

  /**
   * The lowest address of a stack, just above its guard page: where the canary lies.
   *
   * @param index 0 to {@link #count()} - 1
   * @return the address, a multiple of 4096
   */
  public long bottom(int index) {
    return base.value()
        + (long) Objects.checkIndex(index, count) * (GUARD_BYTES + stackBytes)
        + GUARD_BYTES;
  }

  /**
   * The first address behind a stack, at which firmware's stack pointer starts.
   *
   * @param index 0 to {@link #count()} - 1
   * @return the address, a multiple of 4096
   */
  public long top(int index) {
    return bottom(index) + stackBytes;
  }
}
