// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

/** The general registers, in the order in which instructions encode them. */
public enum X86Register {
  /** Result of a call. */
  RAX,
  /** First argument in the Microsoft x64 convention. */
  RCX,
  /** Second argument. */
  RDX,
  /** Preserved. */
  RBX,
  /** The stack pointer. */
  RSP,
  /** Preserved. */
  RBP,
  /** Preserved. */
  RSI,
  /** Preserved. */
  RDI,
  /** Third argument. */
  R8,
  /** Fourth argument. */
  R9,
  /** Volatile. */
  R10,
  /** Volatile. */
  R11,
  /** Preserved. */
  R12,
  /** Preserved. */
  R13,
  /** Preserved. */
  R14,
  /** Preserved. */
  R15;

  /** How many there are; the last eight exist in 64-bit mode only. */
  public static final int COUNT = 16;

  private static final X86Register[] IN_ENCODING_ORDER = values();

  /**
   * The register an instruction means by a number. Unlike {@link #values()} it copies no array.
   *
   * @param encoding 0 to 15; also the {@link #ordinal()}
   * @return the register
   */
  public static X86Register of(int encoding) {
    return IN_ENCODING_ORDER[encoding];
  }
}
