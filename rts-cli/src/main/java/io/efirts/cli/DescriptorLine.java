// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;

/**
 * One memory descriptor in one line: {@code type physicalAddress virtualAddress pages attribute},
 * parted by blanks or tabs. Numbers are decimal or begin with {@code 0x}; the type may also be
 * UEFI's name, in any letter case. The virtual address is 0 where there is none. For example
 *
 * <pre>
 * EfiRuntimeServicesCode 0x1f5ec000 0 256 0x800000000000000f
 * 11 0xffc00000 0xfffffffeffc00000 0x400 0x8000000000000001
 * </pre>
 *
 * <p>The numbers alone, in this order, are how Linux lists the regions it has mapped.
 */
final class DescriptorLine {
  private static final int FIELDS = 5;

  private DescriptorLine() {}

  /** What a line says: without its comment, and without blanks at its ends; possibly nothing. */
  static String withoutComment(String line) {
    int comment = line.indexOf('#');
    return (comment < 0 ? line : line.substring(0, comment)).strip();
  }

  /**
   * Parses a line.
   *
   * @param line the line without comment and without blanks at its ends, not empty
   * @return the descriptor as written; it is not checked
   * @throws IllegalArgumentException when the line is none
   */
  static EfiMemoryDescriptor parse(String line) {
    String[] fields = line.split("[ \t]+");
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(
          "a region must be type, physicalAddress, virtualAddress, pages, attribute: "
              + Printable.quoted(line));
    }
    return new EfiMemoryDescriptor(
        type(fields[0]),
        UnsignedNumbers.parse(fields[1], "physicalAddress"),
        UnsignedNumbers.parse(fields[2], "virtualAddress"),
        UnsignedNumbers.parse(fields[3], "pages"),
        UnsignedNumbers.parse(fields[4], "attribute"));
  }

  private static int type(String text) {
    if (Character.isLetter(text.charAt(0))) {
      int type = MemoryType.ofName(text);
      if (type < 0) {
        throw new IllegalArgumentException(
            "type must be a number or a name of UEFI's: type=" + Printable.quoted(text));
      }
      return type;
    }
    return UnsignedNumbers.parse32(text, "type");
  }
}
