// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.PagingMode;
import java.util.Arrays;

/** Fields of TCR_EL1, those of the lower half of addresses (Arm ARM: TCR_EL1). */
public final class Tcr {
  /** T0SZ: 64 minus the address size. */
  public static final long T0SZ = 0x3F;

  /** EPD0: no walks from TTBR0_EL1. */
  public static final long EPD0 = 1L << 7;

  /**
   * SH0, bits 13:12: who shares the tables of TTBR0_EL1, and with {@link #DS} what they map too.
   */
  public static final long SH0 = 3L << 12;

  /** The value of {@link #SH0} for inner shareable. */
  public static final long SH0_INNER = 3L << 12;

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
   * are shareability (FEAT_LPA2). Without it T0SZ is at least 16 with these granules. RES0 with the
   * granule of 64 KiB.
   */
  public static final long DS = 1L << 59;

  private static final int PLAIN_BITS = 48;
  private static final int WIDE_BITS = 52;

  private static final int TG0_SHIFT = 14;
  private static final int IPS_SHIFT = 32;

  /** By the value of IPS. */
  private static final int[] OUTPUT_BITS = {32, 36, 40, 42, 44, 48, 52, 56};

  private Tcr() {}

  /**
   * How many bits output addresses have, by {@link #IPS}. A processor that has fewer, or entries
   * that hold fewer ({@link PagingMode#outputBits}), take them for what they have.
   *
   * @param tcr a value of the register
   * @return number of bits
   */
  public static int outputBits(long tcr) {
    return OUTPUT_BITS[(int) ((tcr & IPS) >>> IPS_SHIFT)];
  }

  /**
   * The mode in which a processor walks tables from TTBR0_EL1, as the register has it: with the
   * granule of 64 KiB, output addresses have 52 bits where {@link #IPS} says so.
   *
   * @param tcr a value of the register, that does not ask for what the processor lacks
   * @return the mode
   * @throws IllegalArgumentException if {@link #TG0} is reserved, or the address size is none that
   *     a {@link PagingMode} can have
   */
  public static PagingMode pagingMode(long tcr) {
    Granule granule = granuleOf(tcr);
    boolean wide =
        granule == Granule.SIXTY_FOUR_KIB ? outputBits(tcr) >= WIDE_BITS : (tcr & DS) != 0;
    return new PagingMode(granule, Long.SIZE - (int) (tcr & T0SZ), wide ? WIDE_BITS : PLAIN_BITS);
  }

  private static Granule granuleOf(long tcr) {
    for (Granule granule : Granule.values()) {
      if ((tcr & TG0) == granule(granule)) {
        return granule;
      }
    }
    throw new IllegalArgumentException(
        "TCR_EL1.TG0 must be that of a granule: register=0x" + Long.toHexString(tcr));
  }

  /** All that a mode asks of the register but ASIDs, with the most output bits entries can hold. */
  static long of(PagingMode mode) {
    long ips = Arrays.binarySearch(OUTPUT_BITS, mode.outputBits());
    return Long.SIZE - mode.virtualBits()
        | granule(mode.granule())
        | ips << IPS_SHIFT
        | (mode.isLpa2() ? DS | SH0_INNER : 0);
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
