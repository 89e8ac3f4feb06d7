// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.vcpu;

/** Fields of CPACR_EL1 (Arm ARM: CPACR_EL1). */
public final class Cpacr {
  /** FPEN: both bits set let EL1 use floating point and SIMD; otherwise they trap. */
  public static final long FPEN = 3L << 20;

  private Cpacr() {}
}
