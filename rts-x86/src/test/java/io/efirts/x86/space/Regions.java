// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
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

  /** As Linux plans it, with boot services memory. */
  static VirtualMap plan(EfiMemoryDescriptor... regions) {
    return VirtualAddressPlanner.linux()
        .plan(map(regions), RegionSelection.RUNTIME_AND_BOOT_SERVICES);
  }

  /** Permissions by entries of a memory attributes table, all of them good. */
  static RuntimePermissions permissions(MemoryMap map, EfiMemoryDescriptor... entries) {
    return RuntimePermissions.of(
        new EfiMemoryAttributesTable(EfiMemoryAttributesTable.VERSION, 0, List.of(entries)), map);
  }

  static MappedPages data(long physical, long pages) {
    return new MappedPages(physical, pages, MappingAttributes.DATA);
  }
}
