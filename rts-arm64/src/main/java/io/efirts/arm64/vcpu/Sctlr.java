// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

/** Bits of SCTLR_EL1 (Arm ARM: SCTLR_EL1). */
public final class Sctlr {
  /** M: stage 1 translation. */
  public static final long M = 1L;

  /** A: accesses that are not aligned fault. */
  public static final long A = 1L << 1;

  /** C: data may be cached. */
  public static final long C = 1L << 2;

  /** SA: a stack pointer that is not aligned to 16 bytes faults when it is used. */
  public static final long SA = 1L << 3;

  /** I: instructions may be cached. */
  public static final long I = 1L << 12;

  /** WXN: what is writable is not executable, whatever entries say. */
  public static final long WXN = 1L << 19;

  /** EE: EL1 and its table walks are big-endian. */
  public static final long EE = 1L << 25;

  private Sctlr() {}
}
