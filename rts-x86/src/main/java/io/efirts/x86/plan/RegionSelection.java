// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;

/** Which regions of the memory map are mapped for EFI. */
public enum RegionSelection {
  /** What runtime services need by the specification: all regions with the RUNTIME attribute. */
  RUNTIME,
  /**
   * These, and boot services code and data, which much firmware still touches until
   * SetVirtualAddressMap has returned.
   */
  RUNTIME_AND_BOOT_SERVICES,
  /**
   * These, and the memory from which a 64-bit host passes arguments to 32-bit firmware: free memory
   * that is not for a specific purpose, and the loader's.
   */
  MIXED_MODE,
  /** All regions: for a list of those that another kernel has mapped. */
  ALL;

  /**
   * Whether a region is mapped.
   *
   * @param region the region
   * @return true when this selection has it
   */
  public boolean includes(EfiMemoryDescriptor region) {
    return switch (this) {
      case RUNTIME -> region.isRuntime();
      case RUNTIME_AND_BOOT_SERVICES -> region.isRuntime() || isBootServices(region);
      case MIXED_MODE -> region.isRuntime() || isBootServices(region) || isHosts(region);
      case ALL -> true;
    };
  }

  private static boolean isBootServices(EfiMemoryDescriptor region) {
    return region.type() == MemoryType.BOOT_SERVICES_CODE
        || region.type() == MemoryType.BOOT_SERVICES_DATA;
  }

  private static boolean isHosts(EfiMemoryDescriptor region) {
    return switch (region.type()) {
      case MemoryType.LOADER_CODE, MemoryType.LOADER_DATA -> true;
      case MemoryType.CONVENTIONAL_MEMORY -> (region.attribute() & MemoryAttributes.SP) == 0;
      default -> false;
    };
  }
}
