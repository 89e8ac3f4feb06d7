// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

/** Fields of control register 3 while CR4.PCIDE is set (SDM volume 3A, section 4.10.4.1). */
public final class Cr3 {
  /** The process-context identifier, with which translations are cached. */
  public static final long PCID = 0xFFF;

  /**
   * Keeps the translations of the PCID that is loaded. Given with a load only: it always reads as
   * 0.
   */
  public static final long NO_FLUSH = 1L << 63;

  private Cr3() {}
}
