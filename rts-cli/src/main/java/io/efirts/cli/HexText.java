// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

/** Numbers of 64 bits as text, unsigned. */
final class HexText {
  private HexText() {}

  /** For example {@code 0xfffffffeffaf4000}. */
  static String of(long value) {
    return "0x" + Long.toHexString(value);
  }
}
