// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

/** Bits of DAIF: which exceptions PSTATE masks (Arm ARM: DAIF). */
public final class Daif {
  /** F: FIQs are masked. */
  public static final long F = 1L << 6;

  /** I: IRQs are masked. */
  public static final long I = 1L << 7;

  /** A: SErrors are masked. */
  public static final long A = 1L << 8;

  /** D: debug exceptions are masked. */
  public static final long D = 1L << 9;

  /** All bits there are. */
  public static final long MASK = D | A | I | F;

  private Daif() {}
}
