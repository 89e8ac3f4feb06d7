// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

import io.efirts.arm64.paging.Granule;

/** Fields of TCR_EL1, those of the lower half of addresses (Arm ARM: TCR_EL1). */
public final class Tcr {
  /** T0SZ: 64 minus the address size. */
  public static final long T0SZ = 0x3F;

  /** EPD0: no walks from TTBR0_EL1. */
  public static final long EPD0 = 1L << 7;

  /** TG0: the granule. */
  public static final long TG0 = 3L << 14;

  /** A1: the ASID is TTBR1_EL1's, not TTBR0_EL1's. */
  public static final long A1 = 1L << 22;

  /** IPS: how many bits output addresses have ({@link #outputBits}). */
  public static final long IPS = 7L << 32;

  /** AS: ASIDs have 16 bits, not 8. */
  public static final long AS = 1L << 36;

  /** HPD0: permissions in entries that lead to tables are ignored. */
  public static final long HPD0 = 1L << 41;

  /**
   * DS: entries of the 4 KiB and 16 KiB granules hold addresses of 52 bits, in bits that otherwise
   * are shareability (FEAT_LPA2).
   */
  public static final long DS = 1L << 59;

  private static final int TG0_SHIFT = 14;
  private static final int IPS_SHIFT = 32;

  /** By the value of IPS. */
  private static final int[] OUTPUT_BITS = {32, 36, 40, 42, 44, 48, 52, 56};

  private Tcr() {}

  /**
   * How many bits output addresses have, by {@link #IPS}. A processor that has fewer takes them for
   * what it has.
   *
   * @param tcr a value of the register
   * @return number of bits
   */
  public static int outputBits(long tcr) {
    return OUTPUT_BITS[(int) ((tcr & IPS) >>> IPS_SHIFT)];
  }

  /**
   * The value of {@link #IPS} for the addresses of 48 bits that tables can have.
   *
   * @return bits at their place
   */
  static long mostOutputBits() {
    return 5L << IPS_SHIFT;
  }

  /**
   * The value of {@link #TG0} for a granule.
   *
   * @param granule the granule
   * @return bits at their place
   */
  public static long granule(Granule granule) {
    return switch (granule) {
      case FOUR_KIB -> 0L << TG0_SHIFT;
      case SIXTY_FOUR_KIB -> 1L << TG0_SHIFT;
      case SIXTEEN_KIB -> 2L << TG0_SHIFT;
    };
  }
}
