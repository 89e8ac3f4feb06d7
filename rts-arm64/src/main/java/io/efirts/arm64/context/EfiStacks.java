// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.arm64.paging.Granule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where the stacks lie on which firmware is called, one for each save area of a context, so that an
 * entry nested in another one runs on memory of its own:
 *
 * <pre>
 *  base | guard page | stack 0 | guard page | stack 1 | ... | stack count-1 |
 *
 *  stack:  | canary, 8 bytes | ... | SP at the entry | caller's SP, 8 bytes | 0, 8 bytes |
 * </pre>
 *
 * Stacks grow downwards. If the address space maps {@link #mapped()} and nothing else of this
 * range, a stack that overflows meets its guard page, which is a fault. Where all memory is mapped
 * there is no fault; the canary is looked at after each call.
 *
 * <p>Above what firmware gets lies the stack pointer that its caller had, for whoever walks the
 * stacks of a machine that was stopped inside; it is 0 while nobody is.
 *
 * @param base physical and virtual address of the first guard page, a multiple of the granule
 * @param count how many stacks, at least 1
 * @param stackBytes size of each, a multiple of the granule
 * @param granule the page of the address space, and so the size of a guard page
 */
public record EfiStacks(PhysicalAddress base, int count, int stackBytes, Granule granule) {
  /** The least that UEFI has a caller of runtime services provide (2.10 section 2.3.6). */
  public static final int MINIMUM_STACK_BYTES = 8192;

  /** As many as a dispatcher's ordinary paths: worker, direct calls, reset, emergency. */
  public static final int DISPATCHER_COUNT = 4;

  /** What the caller's stack pointer takes above the stack, in a unit that keeps it aligned. */
  static final int RECORD_BYTES = 16;

  private static final int DEFAULT_STACK_BYTES = 16 * 1024;
  private static final int MAXIMUM_STACK_BYTES = 1 << 20;
  private static final int MAXIMUM_COUNT = 256;

  /**
   * Checks the layout.
   *
   * @throws IllegalArgumentException if the base is not a multiple of the granule, there are not 1
   *     to 256 stacks, they do not have 8 KiB to 1 MiB in whole pages, or the last one ends beyond
   *     52 bits
   */
  public EfiStacks {
    Objects.requireNonNull(base, "base");
    long length = lengthBytes(count, stackBytes, granule);
    if (base.value() % granule.bytes() != 0
        || length > (1L << PhysicalAddress.MAXIMUM_BITS) - base.value()) {
      throw new IllegalArgumentException(
          "stacks must start on a multiple of the granule and end within 52 bits: base="
              + base
              + ", length=0x"
              + Long.toHexString(length)
              + ", granule="
              + granule);
    }
  }

  /**
   * What is enough for a stack within reason: firmware may know only the 128 KiB of boot time.
   *
   * @param granule the page of the address space
   * @return 16 KiB, or a granule if that is more
   */
  public static int defaultStackBytes(Granule granule) {
    return Math.max(DEFAULT_STACK_BYTES, granule.bytes());
  }

  /**
   * How much memory stacks take, guard pages included.
   *
   * @param count how many, 1 to 256
   * @param stackBytes size of each, 8 KiB to 1 MiB, a multiple of the granule
   * @param granule the page of the address space
   * @return number of bytes
   * @throws IllegalArgumentException if one is out of range
   */
  public static long lengthBytes(int count, int stackBytes, Granule granule) {
    Objects.requireNonNull(granule, "granule");
    if (count < 1 || count > MAXIMUM_COUNT) {
      throw new IllegalArgumentException("stacks must be 1 to 256: count=" + count);
    }
    if (stackBytes < MINIMUM_STACK_BYTES
        || stackBytes > MAXIMUM_STACK_BYTES
        || stackBytes % granule.bytes() != 0) {
      throw new IllegalArgumentException(
          "a stack must have 8 KiB to 1 MiB in whole pages: stackBytes="
              + stackBytes
              + ", granule="
              + granule);
    }
    return (long) count * (granule.bytes() + stackBytes);
  }

  /**
   * How much memory these take, guard pages included.
   *
   * @return number of bytes from {@link #base()}
   */
  public long lengthBytes() {
    return lengthBytes(count, stackBytes, granule);
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
   * @return the address, a multiple of the granule
   */
  public long bottom(int index) {
    return base.value()
        + (long) Objects.checkIndex(index, count) * (granule.bytes() + stackBytes)
        + granule.bytes();
  }

  /**
   * The first address behind a stack.
   *
   * @param index 0 to {@link #count()} - 1
   * @return the address, a multiple of the granule
   */
  public long top(int index) {
    return bottom(index) + stackBytes;
  }

  /**
   * Where firmware's stack pointer starts, and the caller's is recorded.
   *
   * @param index 0 to {@link #count()} - 1
   * @return the address, 16 bytes below {@link #top}
   */
  public long start(int index) {
    return top(index) - RECORD_BYTES;
  }
}
