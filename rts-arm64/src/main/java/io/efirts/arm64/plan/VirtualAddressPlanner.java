// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

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
 * Chooses virtual addresses for the regions of a memory map that have the RUNTIME attribute.
 * Regions keep their order, as UEFI demands: sections of one image may address each other
 * relatively. They are not merged.
 *
 * <p>Immutable; any thread may call, nothing blocks.
 */
public final class VirtualAddressPlanner {
  /** The largest granule: addresses keep their place in its pages. */
  static final long ALIGNMENT = 0x1_0000;

  /** End of what TTBR0_EL1 can translate in the largest of modes. */
  private static final long LAST_TOP = 1L << 52;

  /**
   * Linux's window: from 512 MiB, where it begins on arm64, up to 64 GiB, the end of the smallest
   * address space that a kernel with any granule can be configured for, so that each can take over
   * from another.
   */
  public static final VirtualWindow LINUX_WINDOW = window(0x2000_0000L, 1L << 36);

  private final VirtualWindow window;
  private final Supplier<Placement> placements;

  private VirtualAddressPlanner(VirtualWindow window, Supplier<Placement> placements) {
    this.window = window;
    this.placements = placements;
  }

  /**
   * A window of arm64: what lies in it keeps its place within 64 KiB, so that hosts of every
   * granule can map it.
   *
   * @param bottom first address, a multiple of 64 KiB
   * @param top first address behind it, a multiple of 64 KiB, at most 2^52
   * @return the window
   * @throws IllegalArgumentException when one is no multiple of 64 KiB or beyond 2^52, or the
   *     window is empty
   */
  public static VirtualWindow window(long bottom, long top) {
    return requireUsable(new VirtualWindow(bottom, top, ALIGNMENT));
  }

  private static VirtualWindow requireUsable(VirtualWindow window) {
    Objects.requireNonNull(window, "window");
    if (window.alignment() < ALIGNMENT || Long.compareUnsigned(window.top(), LAST_TOP) > 0) {
      throw new IllegalArgumentException(
          "window must be aligned to 64 KiB or more and end at 2^52 or below: window="
              + window
              + ", alignment=0x"
              + Long.toHexString(window.alignment()));
    }
    return window;
  }

  /**
   * Plans as Linux does on arm64: from the bottom of {@link #LINUX_WINDOW} up.
   *
   * @return the planner
   */
  public static VirtualAddressPlanner linux() {
    return bottomUp(LINUX_WINDOW);
  }

  /**
   * Plans from the bottom of a window up. The region with the lowest physical address comes first;
   * each goes above the one before, to the next 64 KiB page, and there to the place it has in its
   * physical one: whatever the granule, no two regions share a virtual page. A region of 2 MiB or
   * more that starts on a multiple of 2 MiB physically does so virtually. When one does not fit,
   * neither it nor any after it is placed.
   *
   * @param window where virtual addresses must lie; a random bottom makes them random
   * @return the planner
   * @throws IllegalArgumentException when the window is aligned to less than 64 KiB or ends beyond
   *     2^52
   */
  public static VirtualAddressPlanner bottomUp(VirtualWindow window) {
    requireUsable(window);
    return new VirtualAddressPlanner(window, () -> new BottomUpPlacement(window));
  }

  /**
   * Plans every region at its physical address: for firmware that does without
   * SetVirtualAddressMap. A region beyond 2^52 is not placed.
   *
   * @return the planner
   */
  public static VirtualAddressPlanner identity() {
    return fixedOffset(window(0, LAST_TOP), 0);
  }

  /**
   * Plans every region at a fixed distance from its physical address. One that would leave the
   * window is not placed.
   *
   * @param window where virtual addresses must lie
   * @param offset the distance in bytes, a multiple of the window's alignment
   * @return the planner
   * @throws IllegalArgumentException when the window is aligned to less than 64 KiB or ends beyond
   *     2^52, or the offset is no multiple of its alignment
   */
  public static VirtualAddressPlanner fixedOffset(VirtualWindow window, long offset) {
    Placement placement = new OffsetPlacement(requireUsable(window), offset);
    return new VirtualAddressPlanner(window, () -> placement);
  }

  /**
   * Plans for a kernel that was started by another one (kexec): the addresses are those the first
   * has told firmware, as the descriptors have them. SetVirtualAddressMap must not be called again.
   * The two need not have the same granule.
   *
   * @param window where virtual addresses must lie
   * @return the planner
   * @throws IllegalArgumentException when the window is aligned to less than 64 KiB or ends beyond
   *     2^52
   */
  public static VirtualAddressPlanner successor(VirtualWindow window) {
    requireUsable(window);
    return new VirtualAddressPlanner(window, GivenPlacement::new);
  }

  /**
   * Plans a map.
   *
   * @param map firmware's memory map; regions without the RUNTIME attribute are passed over
   * @return the plan; regions without room are in {@link VirtualMap#notPlaced}
   * @throws IllegalArgumentException when the addresses given to a successor are not in the window,
   *     overlap, do not ascend or are not congruent
   */
  public VirtualMap plan(MemoryMap map) {
    Objects.requireNonNull(map, "map");
    Placement placement = placements.get();
    List<PlannedRegion> planned = new ArrayList<>();
    for (EfiMemoryDescriptor region : map.regions()) {
      if (region.isRuntime()) {
        planned.add(placement.place(region));
      }
    }
    return VirtualMap.of(window, planned);
  }
}
