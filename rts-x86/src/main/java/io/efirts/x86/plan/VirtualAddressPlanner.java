// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.plan.placement.GivenPlacement;
import io.efirts.api.plan.placement.OffsetPlacement;
import io.efirts.api.plan.placement.Placement;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Chooses virtual addresses for the regions of a memory map. Regions keep their order, as UEFI
 * demands: sections of one image may address each other relatively.
 *
 * <p>Immutable; any thread may call, nothing blocks.
 */
public final class VirtualAddressPlanner {
  /** The distance of {@link #fixedOffset()}: 64 TiB. */
  public static final long PSEUDO_IDENTITY_OFFSET = 1L << 46;

  /** What a large page maps; addresses keep their place in it, so that large pages can be used. */
  static final long ALIGNMENT = 0x20_0000;

  /** Linux's window on x86-64: 64 GiB that end 4 GiB below the end of the address space. */
  public static final VirtualWindow LINUX_WINDOW =
      window(0xFFFF_FFEF_0000_0000L, 0xFFFF_FFFF_0000_0000L);

  /** End of the lower half of the address space with four levels of page tables. */
  private static final long LOWER_HALF_END = 1L << 47;

  private static final long FOUR_GIB = 1L << 32;

  private final VirtualWindow window;
  private final boolean merging;
  private final Supplier<Placement> placements;

  private VirtualAddressPlanner(
      VirtualWindow window, boolean merging, Supplier<Placement> placements) {
    this.window = window;
    this.merging = merging;
    this.placements = placements;
  }

  /**
   * A window of x86: what lies in it keeps its place within 2 MiB.
   *
   * @param bottom first address, a multiple of 2 MiB
   * @param top first address behind it, a multiple of 2 MiB
   * @return the window
   * @throws IllegalArgumentException when one is no multiple of 2 MiB, or the window is empty
   */
  public static VirtualWindow window(long bottom, long top) {
    return new VirtualWindow(bottom, top, ALIGNMENT);
  }

  private static VirtualWindow requireAligned(VirtualWindow window) {
    Objects.requireNonNull(window, "window");
    if (window.alignment() < ALIGNMENT) {
      throw new IllegalArgumentException(
          "window must be aligned to 2 MiB or more: window="
              + window
              + ", alignment=0x"
              + Long.toHexString(window.alignment()));
    }
    return window;
  }

  /**
   * Plans as Linux does on x86-64: from the top of {@link #LINUX_WINDOW} down.
   *
   * @return the planner
   */
  public static VirtualAddressPlanner linux() {
    return topDown(LINUX_WINDOW);
  }

  /**
   * Plans from the top of a window down. The region with the highest physical address comes first;
   * each goes below the one before, to the next address that is congruent to its physical one
   * modulo 2 MiB. When one does not fit, neither it nor any after it is placed.
   *
   * @param window where virtual addresses must lie
   * @return the planner
   * @throws IllegalArgumentException when the window is aligned to less than 2 MiB
   */
  public static VirtualAddressPlanner topDown(VirtualWindow window) {
    requireAligned(window);
    return new VirtualAddressPlanner(window, true, () -> new TopDownPlacement(window));
  }

  /**
   * Plans every region 64 TiB above its physical address, so that any kernel that comes later finds
   * it without being told. A region that would leave the lower half of the address space is not
   * placed.
   *
   * @return the planner
   */
  public static VirtualAddressPlanner fixedOffset() {
    return fixedOffset(window(PSEUDO_IDENTITY_OFFSET, LOWER_HALF_END), PSEUDO_IDENTITY_OFFSET);
  }

  /**
   * Plans every region at its physical address: for 32-bit firmware under a 64-bit host, whose
   * pointers reach no further than 4 GiB. A region that does is not placed.
   *
   * @return the planner
   */
  public static VirtualAddressPlanner mixedMode() {
    return fixedOffset(window(0, FOUR_GIB), 0);
  }

  /**
   * Plans every region at a fixed distance from its physical address. One that would leave the
   * window is not placed.
   *
   * @param window where virtual addresses must lie
   * @param offset the distance in bytes, a multiple of the window's alignment
   * @return the planner
   * @throws IllegalArgumentException when the window is aligned to less than 2 MiB, or the offset
   *     is no multiple of its alignment
   */
  public static VirtualAddressPlanner fixedOffset(VirtualWindow window, long offset) {
    Placement placement = new OffsetPlacement(requireAligned(window), offset);
    return new VirtualAddressPlanner(window, true, () -> placement);
  }

  /**
   * Plans for a kernel that was started by another one (kexec): the addresses are those the first
   * has told firmware, as the descriptors have them. SetVirtualAddressMap must not be called again.
   *
   * @param window where virtual addresses must lie
   * @return the planner
   * @throws IllegalArgumentException when the window is aligned to less than 2 MiB
   */
  public static VirtualAddressPlanner successor(VirtualWindow window) {
    requireAligned(window);
    return new VirtualAddressPlanner(window, false, GivenPlacement::new);
  }

  /**
   * Plans a map. Neighbours of one type and equal attributes are merged before, except for a
   * successor.
   *
   * @param map firmware's memory map
   * @param selection which of its regions to map
   * @return the plan; regions without room are in {@link VirtualMap#notPlaced}
   * @throws IllegalArgumentException when the addresses given to a successor are not in the window,
   *     overlap, do not ascend or are not congruent
   */
  public VirtualMap plan(MemoryMap map, RegionSelection selection) {
    Objects.requireNonNull(map, "map");
    Objects.requireNonNull(selection, "selection");
    Placement placement = placements.get();
    List<PlannedRegion> planned = new ArrayList<>();
    for (EfiMemoryDescriptor region : (merging ? map.merged() : map).regions().reversed()) {
      if (selection.includes(region)) {
        planned.add(placement.place(region));
      }
    }
    return VirtualMap.of(window, planned);
  }
}
