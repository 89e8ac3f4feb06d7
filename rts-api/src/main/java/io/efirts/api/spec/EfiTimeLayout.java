// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/** Where the fields of {@code EFI_TIME} lie, in bytes from its start. UEFI 2.10 section 8.3.1. */
final class EfiTimeLayout {
  static final int YEAR = 0;
  static final int MONTH = 2;
  static final int DAY = 3;
  static final int HOUR = 4;
  static final int MINUTE = 5;
  static final int SECOND = 6;
  static final int PAD1 = 7;
  static final int NANOSECOND = 8;
  static final int TIME_ZONE = 12;
  static final int DAYLIGHT = 14;
  static final int PAD2 = 15;
  static final String STRUCTURE = "an EFI_TIME";

  private EfiTimeLayout() {}
}
