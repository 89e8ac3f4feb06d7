// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import io.efirts.api.map.MemoryMap;
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
  private final VirtualWindow window;
  private final Supplier<Placement> placements;

  private VirtualAddressPlanner(VirtualWindow window, Supplier<Placement> placements) {
    this.window = window;
    this.placements = placements;
  }

  /**
   * Plans as Linux does on arm64: from the bottom of {@link VirtualWindow#LINUX} up.
   *
   * @return the planner
   */
  public static VirtualAddressPlanner linux() {
    return bottomUp(VirtualWindow.LINUX);
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
   */
  public static VirtualAddressPlanner bottomUp(VirtualWindow window) {
    Objects.requireNonNull(window, "window");
    return new VirtualAddressPlanner(window, () -> new BottomUpPlacement(window));
  }

  /**
   * Plans every region at its physical address: for firmware that does without
   * SetVirtualAddressMap. A region beyond 2^48 is not placed.
   *
   * @return the planner
   */
  public static VirtualAddressPlanner identity() {
    return fixedOffset(new VirtualWindow(0, VirtualWindow.LAST_TOP), 0);
  }

  /**
   * Plans every region at a fixed distance from its physical address. One that would leave the
   * window is not placed.
   *
   * @param window where virtual addresses must lie
   * @param offset the distance in bytes, a multiple of 64 KiB
   * @return the planner
   * @throws IllegalArgumentException when the offset is no multiple of 64 KiB
   */
  public static VirtualAddressPlanner fixedOffset(VirtualWindow window, long offset) {
    Objects.requireNonNull(window, "window");
    if (offset % VirtualWindow.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "offset must be a multiple of 64 KiB: offset=" + VirtualWindow.hex(offset));
    }
    return new VirtualAddressPlanner(window, () -> new OffsetPlacement(window, offset));
  }

  /**
   * Plans for a kernel that was started by another one (kexec): the addresses are those the first
   * has told firmware, as the descriptors have them. SetVirtualAddressMap must not be called again.
   * The two need not have the same granule.
   *
   * @param window where virtual addresses must lie
   * @return the planner
   */
  public static VirtualAddressPlanner successor(VirtualWindow window) {
    Objects.requireNonNull(window, "window");
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
