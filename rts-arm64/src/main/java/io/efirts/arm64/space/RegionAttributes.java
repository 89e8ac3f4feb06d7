// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;

/** How a region is mapped, by its type and attributes. */
final class RegionAttributes {
  private RegionAttributes() {}

  /**
   * As an isolated address space maps it at first. Registers are writable data. Memory that is
   * read-only is executable unless it is execute-protected; other memory is writable, and
   * executable if it is code and not execute-protected.
   */
  static MappingAttributes initial(EfiMemoryDescriptor region) {
    if (isRegisters(region)) {
      return registers();
    }
    boolean readOnly = (region.attribute() & MemoryAttributes.RO) != 0;
    boolean executeProtected = (region.attribute() & MemoryAttributes.XP) != 0;
    boolean code =
        region.type() == MemoryType.RUNTIME_SERVICES_CODE
            || region.type() == MemoryType.BOOT_SERVICES_CODE;
    return new MappingAttributes(
        !readOnly, !executeProtected && (code || readOnly), cacheType(region));
  }

  /**
   * Without restriction, but for registers: wherever a processor may execute it may also fetch
   * ahead, and what that does to a device nobody knows.
   */
  static MappingAttributes unrestricted(EfiMemoryDescriptor region) {
    return isRegisters(region) ? registers() : new MappingAttributes(true, true, cacheType(region));
  }

  private static MappingAttributes registers() {
    return new MappingAttributes(true, false, CacheType.UNCACHED);
  }

  /** Registers are Device memory, whatever else their attributes allow. */
  private static boolean isRegisters(EfiMemoryDescriptor region) {
    return region.type() == MemoryType.MEMORY_MAPPED_IO
        || region.type() == MemoryType.MEMORY_MAPPED_IO_PORT_SPACE;
  }

  private static CacheType cacheType(EfiMemoryDescriptor region) {
    if ((region.attribute() & MemoryAttributes.WB) != 0) {
      return CacheType.WRITE_BACK;
    }
    if ((region.attribute() & MemoryAttributes.WT) != 0) {
      return CacheType.WRITE_THROUGH;
    }
    return (region.attribute() & MemoryAttributes.WC) != 0
        ? CacheType.WRITE_COMBINING
        : CacheType.UNCACHED;
  }
}
