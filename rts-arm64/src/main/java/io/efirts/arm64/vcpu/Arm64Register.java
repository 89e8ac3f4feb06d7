// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

/** The general registers and the stack pointer, in the order in which instructions encode them. */
public enum Arm64Register {
  /** First argument, and the result of a call. */
  X0,
  /** Second argument. */
  X1,
  /** Third argument. */
  X2,
  /** Fourth argument. */
  X3,
  /** Fifth argument. */
  X4,
  /** Sixth argument. */
  X5,
  /** Seventh argument. */
  X6,
  /** Eighth argument. */
  X7,
  /** Where a result in memory goes; volatile. */
  X8,
  /** Volatile. */
  X9,
  /** Volatile. */
  X10,
  /** Volatile. */
  X11,
  /** Volatile. */
  X12,
  /** Volatile. */
  X13,
  /** Volatile. */
  X14,
  /** Volatile. */
  X15,
  /** Volatile, also between a call and its function. */
  X16,
  /** Volatile, also between a call and its function. */
  X17,
  /** The platform's: firmware must not use it. */
  X18,
  /** Preserved. */
  X19,
  /** Preserved. */
  X20,
  /** Preserved. */
  X21,
  /** Preserved. */
  X22,
  /** Preserved. */
  X23,
  /** Preserved. */
  X24,
  /** Preserved. */
  X25,
  /** Preserved. */
  X26,
  /** Preserved. */
  X27,
  /** Preserved. */
  X28,
  /** The frame pointer; preserved. */
  X29,
  /** The link register: where a function returns to. */
  X30,
  /** The stack pointer in use, SP_EL1. */
  SP;

  /** How many there are. */
  public static final int COUNT = 32;

  private static final Arm64Register[] IN_ENCODING_ORDER = values();

  /**
   * The register an instruction means by a number, where 31 is the stack pointer. Unlike {@link
   * #values()} it copies no array.
   *
   * @param encoding 0 to 31; also the {@link #ordinal()}
   * @return the register
   */
  public static Arm64Register of(int encoding) {
    return IN_ENCODING_ORDER[encoding];
  }
}
