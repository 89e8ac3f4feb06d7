// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/**
 * {@code EFI_MEMORY_TYPE}: what a memory map entry is used for. Open: a platform maker and the
 * loader have ranges of their own. UEFI 2.10 section 7.2.1. Any thread may call; nothing blocks.
 */
public final class MemoryType {
  /** Not usable. */
  public static final int RESERVED_MEMORY_TYPE = 0;

  /** Code of the loader. */
  public static final int LOADER_CODE = 1;

  /** Data of the loader. */
  public static final int LOADER_DATA = 2;

  /** Code of boot services, free after ExitBootServices. */
  public static final int BOOT_SERVICES_CODE = 3;

  /** Data of boot services, free after ExitBootServices. */
  public static final int BOOT_SERVICES_DATA = 4;

  /** Code of runtime services, kept at runtime. */
  public static final int RUNTIME_SERVICES_CODE = 5;

  /** Data of runtime services, kept at runtime. */
  public static final int RUNTIME_SERVICES_DATA = 6;

  /** Free memory. */
  public static final int CONVENTIONAL_MEMORY = 7;

  /** Memory with errors. */
  public static final int UNUSABLE_MEMORY = 8;

  /** ACPI tables, free once the tables were read. */
  public static final int ACPI_RECLAIM_MEMORY = 9;

  /** Memory that ACPI firmware keeps. */
  public static final int ACPI_MEMORY_NVS = 10;

  /** Device registers that runtime services need. */
  public static final int MEMORY_MAPPED_IO = 11;

  /** Memory that is translated to I/O port cycles. */
  public static final int MEMORY_MAPPED_IO_PORT_SPACE = 12;

  /** Code of the Itanium processor abstraction layer. */
  public static final int PAL_CODE = 13;

  /** Free memory that keeps its content without power. */
  public static final int PERSISTENT_MEMORY = 14;

  /** Memory a confidential guest has not accepted yet. */
  public static final int UNACCEPTED_MEMORY_TYPE = 15;

  /** First value behind the defined types. */
  public static final int MAX_MEMORY_TYPE = 16;

  private static final int OEM_FIRST = 0x7000_0000;

  private static final String[] NAMES = {
    "EfiReservedMemoryType",
    "EfiLoaderCode",
    "EfiLoaderData",
    "EfiBootServicesCode",
    "EfiBootServicesData",
    "EfiRuntimeServicesCode",
    "EfiRuntimeServicesData",
    "EfiConventionalMemory",
    "EfiUnusableMemory",
    "EfiACPIReclaimMemory",
    "EfiACPIMemoryNVS",
    "EfiMemoryMappedIO",
    "EfiMemoryMappedIOPortSpace",
    "EfiPalCode",
    "EfiPersistentMemory",
    "EfiUnacceptedMemoryType"
  };

  private MemoryType() {}

  /**
   * Says whether a type is one of the platform maker's.
   *
   * @param type the 32-bit type
   * @return true for 0x70000000 to 0x7fffffff
   */
  public static boolean isOem(int type) {
    return type >= OEM_FIRST;
  }

  /**
   * Says whether a type is one of the operating system loader's.
   *
   * @param type the 32-bit type
   * @return true for 0x80000000 to 0xffffffff
   */
  public static boolean isOsLoader(int type) {
    return type < 0;
  }

  /**
   * Returns the specification's name. Allocates only for a type without one.
   *
   * @param type the 32-bit type
   * @return for example {@code EfiRuntimeServicesCode}, or {@code EFI_MEMORY_TYPE(0x70000001)}
   */
  public static String nameOf(int type) {
    return type >= 0 && type < NAMES.length
        ? NAMES[type]
        : "EFI_MEMORY_TYPE(" + SpecChecks.hex(Integer.toUnsignedLong(type)) + ")";
  }

  /**
   * Finds the type of a name.
   *
   * @param name the specification's name in any letter case, for example {@code
   *     EfiRuntimeServicesCode}
   * @return the type, or -1 when no defined type has that name
   */
  public static int ofName(String name) {
    SpecChecks.requireGiven(name, "name");
    for (int type = 0; type < NAMES.length; type++) {
      if (NAMES[type].equalsIgnoreCase(name)) {
        return type;
      }
    }
    return -1;
  }
}
