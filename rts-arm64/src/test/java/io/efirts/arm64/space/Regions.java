// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.util.ArrayList;
import java.util.List;

/** Descriptors, maps and plans for tests. */
final class Regions {
  static final long RUNTIME_WB = MemoryAttributes.RUNTIME | MemoryAttributes.WB;

  private Regions() {}

  static EfiMemoryDescriptor runtimeCode(long physical, long pages) {
    return region(MemoryType.RUNTIME_SERVICES_CODE, physical, pages, RUNTIME_WB);
  }

  static EfiMemoryDescriptor runtimeData(long physical, long pages) {
    return region(MemoryType.RUNTIME_SERVICES_DATA, physical, pages, RUNTIME_WB);
  }

  static EfiMemoryDescriptor bootCode(long physical, long pages) {
    return region(MemoryType.BOOT_SERVICES_CODE, physical, pages, MemoryAttributes.WB);
  }

  static EfiMemoryDescriptor bootData(long physical, long pages) {
    return region(MemoryType.BOOT_SERVICES_DATA, physical, pages, MemoryAttributes.WB);
  }

  static EfiMemoryDescriptor region(int type, long physical, long pages, long attribute) {
    return new EfiMemoryDescriptor(type, physical, 0, pages, attribute);
  }

  static MemoryMap map(EfiMemoryDescriptor... regions) {
    return MemoryMap.of(List.of(regions));
  }

  /** As Linux plans it; other regions than runtime ones are left out. */
  static VirtualMap plan(EfiMemoryDescriptor... regions) {
    return VirtualAddressPlanner.linux().plan(map(regions));
  }

  /** Every region, placed as Linux would if all had the RUNTIME attribute. */
  static VirtualMap planOfAll(VirtualAddressPlanner planner, MemoryMap map) {
    List<EfiMemoryDescriptor> runtime = new ArrayList<>();
    for (EfiMemoryDescriptor region : map.regions()) {
      runtime.add(
          region(
              region.type(),
              region.physicalStart(),
              region.numberOfPages(),
              region.attribute() | MemoryAttributes.RUNTIME));
    }
    List<PlannedRegion> placed = planner.plan(MemoryMap.of(runtime)).regions();
    List<PlannedRegion> all = new ArrayList<>();
    for (int i = 0; i < placed.size(); i++) {
      PlannedRegion region = placed.get(i);
      all.add(
          new PlannedRegion(
              region.type(),
              region.physicalAddress(),
              region.virtualAddress(),
              region.pages(),
              map.regions().get(i).attribute(),
              region.placed()));
    }
    return VirtualMap.of(VirtualAddressPlanner.window(0, 1L << 52), all);
  }

  static VirtualMap planOfAll(EfiMemoryDescriptor... regions) {
    return planOfAll(VirtualAddressPlanner.linux(), map(regions));
  }

  /** Permissions by entries of a memory attributes table, all of them good. */
  static RuntimePermissions permissions(MemoryMap map, EfiMemoryDescriptor... entries) {
    return RuntimePermissions.of(
        new EfiMemoryAttributesTable(EfiMemoryAttributesTable.VERSION, 0, List.of(entries)), map);
  }

  static MappedPages data(long physical, long pages) {
    return new MappedPages(physical, pages, MappingAttributes.DATA);
  }

  /** What tables map, without regard to page sizes, as text. */
  static List<String> mapped(PageTables tables) {
    return Pages.of(tables.mappings()).stream()
        .map(
            p ->
                "%x-%x %x r%s%s %s"
                    .formatted(
                        p.first(),
                        p.last(),
                        p.physical(),
                        p.writable() ? "w" : "-",
                        p.executable() ? "x" : "-",
                        p.cacheType()))
        .toList();
  }
}
