// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.plan;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.List;

/** The runtime regions of Debian's AAVMF 2022.11 on a virtual machine with 256 MiB. */
final class AavmfRegions {
  private AavmfRegions() {}

  /** All seven, in physical order: flash, clock, then code and data of the drivers. */
  static MemoryMap map() {
    return MemoryMap.of(
        List.of(
            registers(0x0400_0000, 16384, MemoryAttributes.WC),
            registers(0x0901_0000, 1, MemoryAttributes.UC),
            memory(MemoryType.RUNTIME_SERVICES_CODE, 0x4C44_0000, 128),
            memory(MemoryType.RUNTIME_SERVICES_DATA, 0x4C4C_0000, 448),
            memory(MemoryType.RUNTIME_SERVICES_CODE, 0x4C68_0000, 176),
            memory(MemoryType.RUNTIME_SERVICES_CODE, 0x4FC0_0000, 400),
            memory(MemoryType.RUNTIME_SERVICES_DATA, 0x4FD9_0000, 592)));
  }

  private static EfiMemoryDescriptor registers(long physicalStart, long pages, long cacheability) {
    return new EfiMemoryDescriptor(
        MemoryType.MEMORY_MAPPED_IO,
        physicalStart,
        0,
        pages,
        cacheability | MemoryAttributes.RUNTIME);
  }

  private static EfiMemoryDescriptor memory(int type, long physicalStart, long pages) {
    return new EfiMemoryDescriptor(
        type,
        physicalStart,
        0,
        pages,
        MemoryAttributes.UC
            | MemoryAttributes.WC
            | MemoryAttributes.WT
            | MemoryAttributes.WB
            | MemoryAttributes.RUNTIME);
  }
}
