// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

/**
 * What a record is about; the number after {@code dump-type} in its name. Linux writes {@link
 * #DMESG} only to EFI variables.
 */
public enum RecordType {
  /** 0, the kernel log of a dump. */
  DMESG("dmesg"),
  /** 1, a machine check. */
  MCE("mce"),
  /** 2, console output. */
  CONSOLE("console"),
  /** 3, a function trace. */
  FTRACE("ftrace"),
  /** 4, PowerPC RTAS. */
  RTAS("rtas"),
  /** 5, PowerPC Open Firmware. */
  OF("powerpc-ofw"),
  /** 6, PowerPC common. */
  COMMON("powerpc-common"),
  /** 7, messages of programs. */
  PMSG("pmsg"),
  /** 8, PowerPC OPAL. */
  OPAL("powerpc-opal");

  private static final RecordType[] BY_CODE = values();
  private static final String UNKNOWN = "unknown";

  private final String prefix;

  RecordType(String prefix) {
    this.prefix = prefix;
  }

  /**
   * The number in a record's name.
   *
   * @return 0 to 8
   */
  public int code() {
    return ordinal();
  }

  /**
   * How the name of the file begins as which Linux shows a record of this type.
   *
   * @return lower-case letters and hyphens
   */
  public String prefix() {
    return prefix;
  }

  /**
   * How the name of the file begins as which Linux shows a record.
   *
   * @param code the number in the record's name, any
   * @return the type's prefix; {@code unknown} if there is no such type
   */
  public static String prefixOf(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code].prefix : UNKNOWN;
  }
}
