// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

/** Fields of TTBR0_EL1 (Arm ARM: TTBR0_EL1). */
public final class Ttbr {
  private static final int ASID_SHIFT = 48;

  private Ttbr() {}

  /**
   * The identifier with which translations are cached.
   *
   * @param ttbr a value of the register
   * @return bits 63:48
   */
  public static int asid(long ttbr) {
    return (int) (ttbr >>> ASID_SHIFT);
  }
}
