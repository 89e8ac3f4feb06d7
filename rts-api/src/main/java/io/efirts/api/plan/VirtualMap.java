// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.plan;

import static io.efirts.api.plan.VirtualWindow.hex;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.List;
import java.util.Objects;

/**
 * Where the regions of a memory map lie for EFI. Of every such map it holds (I-21): virtual
 * addresses are in the window, disjoint, ascending with physical addresses, and congruent to them
 * modulo the window's alignment; and what did not get one is known.
 *
 * <p>As plain data it is its {@link #descriptors()}: what a successor kernel needs to map the same
 * regions at the same addresses.
 *
 * <p>Immutable; any thread may call, nothing blocks.
 */
public final class VirtualMap {
  private final VirtualWindow window;
  private final List<PlannedRegion> regions;

  private VirtualMap(VirtualWindow window, List<PlannedRegion> regions) {
    this.window = window;
    this.regions = regions;
  }

  /**
   * Checks a map.
   *
   * @param window where virtual addresses must lie
   * @param regions the regions in any order
   * @return the map
   * @throws IllegalArgumentException when regions overlap, or are not as this class promises
   */
  public static VirtualMap of(VirtualWindow window, List<PlannedRegion> regions) {
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(regions, "regions");
    // Refuses what is no memory map; what is left needs no care with overflow.
    MemoryMap.of(regions.stream().map(PlannedRegion::descriptor).toList());
    List<PlannedRegion> sorted =
        regions.stream()
            .sorted((a, b) -> Long.compare(a.physicalAddress(), b.physicalAddress()))
            .toList();
    PlannedRegion below = null;
    for (PlannedRegion region : sorted) {
      if (region.placed()) {
        requirePlace(region, window);
        requireAbove(region, below);
        below = region;
      }
    }
    return new VirtualMap(window, sorted);
  }

  private static void requirePlace(PlannedRegion region, VirtualWindow window) {
    if (!window.contains(region.virtualAddress(), region.lengthBytes())) {
      throw new IllegalArgumentException(
          "region must lie in the window: " + text(region) + ", window=" + window);
    }
    if ((region.virtualAddress() - region.physicalAddress()) % window.alignment() != 0) {
      throw new IllegalArgumentException(
          "virtual and physical address must be congruent modulo the window's alignment: "
              + text(region)
              + ", alignment="
              + hex(window.alignment()));
    }
  }

  private static void requireAbove(PlannedRegion region, PlannedRegion below) {
    if (below != null
        && Long.compareUnsigned(
                region.virtualAddress(), below.virtualAddress() + below.lengthBytes())
            < 0) {
      throw new IllegalArgumentException(
          "virtual addresses must ascend with physical ones without overlap: "
              + text(region)
              + ", after "
              + text(below));
    }
  }

  private static String text(PlannedRegion region) {
    return "virtualAddress="
        + hex(region.virtualAddress())
        + ", physicalAddress="
        + hex(region.physicalAddress())
        + ", pages="
        + region.pages();
  }

  /**
   * Where virtual addresses lie.
   *
   * @return the window
   */
  public VirtualWindow window() {
    return window;
  }

  /**
   * The regions, placed or not.
   *
   * @return an immutable list in physical order
   */
  public List<PlannedRegion> regions() {
    return regions;
  }

  /**
   * The regions for which the window had no room. They are mapped at their physical address only.
   *
   * @return an immutable list in physical order
   */
  public List<PlannedRegion> notPlaced() {
    return regions.stream().filter(region -> !region.placed()).toList();
  }

  /**
   * All regions as plain data.
   *
   * @return descriptors in physical order, with virtual address 0 where a region is not placed
   */
  public List<EfiMemoryDescriptor> descriptors() {
    return regions.stream().map(PlannedRegion::descriptor).toList();
  }

  /**
   * What SetVirtualAddressMap is told. A region that is not placed is left out: firmware keeps its
   * pointers into it, which the identity mapping still serves.
   *
   * @return the descriptors of the placed regions in physical order
   */
  public List<EfiMemoryDescriptor> virtualAddressMap() {
    return regions.stream().filter(PlannedRegion::placed).map(PlannedRegion::descriptor).toList();
  }

  /**
   * What stays once SetVirtualAddressMap has returned and boot services memory is given up.
   *
   * @return the same map with the regions that have the RUNTIME attribute
   */
  public VirtualMap runtime() {
    return new VirtualMap(
        window, regions.stream().filter(region -> region.descriptor().isRuntime()).toList());
  }
}
