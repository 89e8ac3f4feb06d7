// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.arm64.context.EfiStacks;
import io.efirts.arm64.paging.Granule;
import java.util.List;

/**
 * How a host's own memory is cut. What firmware has to reach lies in front and is mapped for it;
 * the frames of page tables lie behind and are not, so that it cannot write to them.
 *
 * <pre>
 *  | descriptors | work items | of a crash | of the switch | stacks: ordinary, crash, switch | frames ... |
 * </pre>
 *
 * @param arena all of it
 * @param granule the page of the address spaces; the arena starts on a multiple of it, and no part
 *     shares one with another
 * @param arrayBytes room for the array of descriptors, a multiple of the granule
 * @param callBytes room for the work items of ordinary calls, a multiple of the granule
 * @param crashCallBytes room for those of a crash, a multiple of the granule
 */
record ArenaLayout(
    MemoryRegion arena, Granule granule, long arrayBytes, long callBytes, long crashCallBytes) {
  /** Below this no address space can be made, whatever it maps. */
  private static final long LEAST_FRAMES = 16;

  ArenaLayout {
    if (arena.base().value() % granule.bytes() != 0) {
      throw new IllegalArgumentException(
          "arena must start on a multiple of the granule: arena="
              + arena.base()
              + ", granule="
              + granule);
    }
    long needed =
        arrayBytes
            + callBytes
            + crashCallBytes
            + granule.bytes()
            + stacksBytes(granule)
            + LEAST_FRAMES * granule.bytes();
    if (arena.bytes().byteSize() < needed) {
      throw new IllegalArgumentException(
          "arena must have room for work items, stacks and page tables: size=0x"
              + Long.toHexString(arena.bytes().byteSize())
              + ", needed=0x"
              + Long.toHexString(needed));
    }
  }

  /**
   * Refuses an arena that firmware can reach as something of its own: page tables and guard pages
   * would be mapped for it.
   */
  void requireApart(VirtualMap plan, List<MappedPages> ranges) {
    for (PlannedRegion region : plan.regions()) {
      requireApart("region", region.physicalAddress(), region.lengthBytes());
    }
    for (MappedPages range : ranges) {
      requireApart("range", range.physicalStart(), range.physicalEnd() - range.physicalStart());
    }
  }

  private void requireApart(String what, long start, long lengthBytes) {
    long base = arena.base().value();
    if (start < base + arena.bytes().byteSize() && base < start + lengthBytes) {
      throw new IllegalArgumentException(
          "arena must be the host's alone: arena=0x"
              + Long.toHexString(base)
              + ", "
              + what
              + "=0x"
              + Long.toHexString(start));
    }
  }

  private static long stacksBytes(Granule granule) {
    return stackBytes(EfiStacks.DISPATCHER_COUNT + 2, granule);
  }

  private static long stackBytes(int count, Granule granule) {
    return EfiStacks.lengthBytes(count, EfiStacks.defaultStackBytes(granule), granule);
  }

  /** One work item is all the switch to virtual mode needs. */
  long switchCallBytes() {
    return granule.bytes();
  }

  PhysicalAddress array() {
    return at(0);
  }

  PhysicalAddress calls() {
    return at(arrayBytes);
  }

  PhysicalAddress crashCalls() {
    return at(arrayBytes + callBytes);
  }

  PhysicalAddress switchCalls() {
    return at(arrayBytes + callBytes + crashCallBytes);
  }

  EfiStacks stacks() {
    return stacks(0, EfiStacks.DISPATCHER_COUNT);
  }

  EfiStacks crashStack() {
    return stacks(EfiStacks.DISPATCHER_COUNT, 1);
  }

  EfiStacks switchStack() {
    return stacks(EfiStacks.DISPATCHER_COUNT + 1, 1);
  }

  private EfiStacks stacks(int before, int count) {
    long offset = before == 0 ? 0 : stackBytes(before, granule);
    return new EfiStacks(
        at(stacksOffset() + offset), count, EfiStacks.defaultStackBytes(granule), granule);
  }

  private long stacksOffset() {
    return arrayBytes + callBytes + crashCallBytes + granule.bytes();
  }

  FrameBitmap frames() {
    long offset = stacksOffset() + stacksBytes(granule);
    long frames = (arena.bytes().byteSize() - offset) / granule.bytes();
    return new FrameBitmap(granule.page(), at(offset), Math.toIntExact(frames));
  }

  /** The least size of a part for some bytes. */
  static long wholeGranules(long bytes, Granule granule) {
    long size = granule.bytes();
    return Math.max(1, (bytes + size - 1) / size) * size;
  }

  /** The pages of a part, as firmware gets to see them. */
  static MappedPages pages(PhysicalAddress start, long lengthBytes) {
    return new MappedPages(
        start.value(), lengthBytes / AddressSpace.PAGE_BYTES, MappingAttributes.DATA);
  }

  private PhysicalAddress at(long offset) {
    return new PhysicalAddress(arena.base().value() + offset);
  }
}
