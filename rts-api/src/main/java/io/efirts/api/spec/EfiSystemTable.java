// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * EFI_SYSTEM_TABLE: where its fields lie, for firmware of 64 and of 32 bits. UEFI 2.10 section 4.3.
 * It starts with the same header as the runtime services table.
 */
public final class EfiSystemTable {
  /** Signature: the bytes "IBI SYST". */
  public static final long SIGNATURE = 0x5453_5953_2049_4249L;

  /** Size with 64-bit pointers. */
  public static final int SIZE_64_BYTES = 120;

  /** Size with 32-bit pointers. */
  public static final int SIZE_32_BYTES = 72;

  /** FirmwareVendor, a pointer to CHAR16, with 64-bit pointers. */
  public static final int FIRMWARE_VENDOR_OFFSET_64 = 24;

  /** FirmwareRevision, a UINT32, with 64-bit pointers. */
  public static final int FIRMWARE_REVISION_OFFSET_64 = 32;

  /** RuntimeServices, a pointer, with 64-bit pointers. */
  public static final int RUNTIME_SERVICES_OFFSET_64 = 88;

  /** RuntimeServices, a pointer, with 32-bit pointers. */
  public static final int RUNTIME_SERVICES_OFFSET_32 = 56;

  /** NumberOfTableEntries, a UINTN, with 64-bit pointers. */
  public static final int NUMBER_OF_TABLE_ENTRIES_OFFSET_64 = 104;

  /** ConfigurationTable, a pointer, with 64-bit pointers. */
  public static final int CONFIGURATION_TABLE_OFFSET_64 = 112;

  private EfiSystemTable() {}

  /**
   * The pointer to the runtime services table, in a table with 64-bit pointers.
   *
   * @param memory the memory, from the start of the table on
   * @return the address as firmware left it
   * @throws IndexOutOfBoundsException if the memory is shorter than the table
   */
  public static long runtimeServices64(MemorySegment memory) {
    SpecChecks.requireRange(memory, 0, SIZE_64_BYTES, "an EFI_SYSTEM_TABLE");
    return LittleEndian.getI64(memory, RUNTIME_SERVICES_OFFSET_64);
  }

  /**
   * Checks the header of a table: signature, size, checksum. Reads foreign memory and never throws
   * for what it finds there. Allocates.
   *
   * @param memory the memory, from the start of the table on
   * @param sizeBytes the least size: {@link #SIZE_64_BYTES} or {@link #SIZE_32_BYTES}
   * @return empty for a sound table, otherwise the first broken rule with the values found
   * @throws IndexOutOfBoundsException if the memory is shorter than the size
   */
  public static Optional<String> verify(MemorySegment memory, int sizeBytes) {
    SpecChecks.requireRange(memory, 0, sizeBytes, "an EFI_SYSTEM_TABLE");
    long signature = LittleEndian.getI64(memory, RuntimeServicesTable.SIGNATURE_OFFSET);
    if (signature != SIGNATURE) {
      return Optional.of(
          "system table's signature must be "
              + SpecChecks.hex(SIGNATURE)
              + ": signature="
              + SpecChecks.hex(signature));
    }
    long size = LittleEndian.getU32(memory, RuntimeServicesTable.HEADER_SIZE_OFFSET);
    if (size < sizeBytes || size > memory.byteSize()) {
      return Optional.of(
          "system table's headerSize must be "
              + sizeBytes
              + " to "
              + memory.byteSize()
              + ": headerSize="
              + size);
    }
    int stored = LittleEndian.getI32(memory, RuntimeServicesTable.CRC32_OFFSET);
    int computed = RuntimeServicesTable.computeCrc32(memory, 0);
    return stored == computed
        ? Optional.empty()
        : Optional.of(
            "system table's crc32 must be "
                + SpecChecks.hex(Integer.toUnsignedLong(computed))
                + ": crc32="
                + SpecChecks.hex(Integer.toUnsignedLong(stored)));
  }
}
