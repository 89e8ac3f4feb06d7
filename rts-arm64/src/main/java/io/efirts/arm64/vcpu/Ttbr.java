// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

/** Fields of TTBR0_EL1 (Arm ARM: TTBR0_EL1). */
public final class Ttbr {
  private static final int ASID_SHIFT = 48;
  private static final int SHORT_ASID = 0xFF;

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

  /**
   * Whether a processor takes translations of one root for those of another.
   *
   * @param a a value of the register
   * @param b another value
   * @param tcr TCR_EL1, whose {@link Tcr#AS} tells how many bits of an identifier count
   * @return true if both have the same identifier
   */
  public static boolean sharesAsid(long a, long b, long tcr) {
    int different = asid(a) ^ asid(b);
    return ((tcr & Tcr.AS) == 0 ? different & SHORT_ASID : different) == 0;
  }
}
