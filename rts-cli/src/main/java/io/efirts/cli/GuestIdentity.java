// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.RuntimeServicesTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Who firmware says it is, in its system table. UEFI 2.10 section 4.3.
 *
 * @param vendor FirmwareVendor; empty where the pointer leads nowhere
 * @param revision FirmwareRevision in hex, the vendor's own number
 * @param uefi the specification it follows, for example {@code 2.7}
 */
record GuestIdentity(String vendor, String revision, String uefi) {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfChar CHAR =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int VENDOR_CHARACTERS = 100;
  private static final int MINOR_DIGIT = 10;

  /**
   * Reads it, while firmware's pointers are physical.
   *
   * @param memory the guest's
   * @param systemTable where the table lies: somewhere in that memory
   */
  static GuestIdentity read(GuestMemory memory, long systemTable) {
    MemorySegment table = from(memory, systemTable);
    return new GuestIdentity(
        text(from(memory, table.get(LONG, EfiSystemTable.FIRMWARE_VENDOR_OFFSET_64))),
        HexText.of(
            Integer.toUnsignedLong(table.get(INT, EfiSystemTable.FIRMWARE_REVISION_OFFSET_64))),
        specification(table.get(INT, RuntimeServicesTable.REVISION_OFFSET)));
  }

  /** Memory from an address on; empty where there is none. */
  private static MemorySegment from(GuestMemory memory, long address) {
    MemoryRegion region = memory.regionAt(address);
    return region == null
        ? MemorySegment.ofArray(new byte[0])
        : region.bytes().asSlice(region.offsetOf(address));
  }

  private static String text(MemorySegment characters) {
    StringBuilder text = new StringBuilder();
    for (long at = 0;
        at + Character.BYTES <= characters.byteSize() && text.length() < VENDOR_CHARACTERS;
        at += Character.BYTES) {
      char unit = characters.get(CHAR, at);
      if (unit == 0) {
        break;
      }
      text.append(unit);
    }
    return text.toString();
  }

  /** The lower half has two digits of the minor number, of which the second is often 0. */
  static String specification(int revision) {
    int minor = revision & 0xFFFF;
    return (revision >>> 16)
        + "."
        + minor / MINOR_DIGIT
        + (minor % MINOR_DIGIT == 0 ? "" : "." + minor % MINOR_DIGIT);
  }
}
