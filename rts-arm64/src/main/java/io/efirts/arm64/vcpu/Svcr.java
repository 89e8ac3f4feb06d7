// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

/** Bits of SVCR (Arm ARM: SVCR), of processors with FEAT_SME. */
public final class Svcr {
  /** SM: streaming SVE mode. Each change of it clears all vector and predicate registers. */
  public static final long SM = 1L;

  /** ZA: the matrix register is there. */
  public static final long ZA = 1L << 1;

  private Svcr() {}
}
