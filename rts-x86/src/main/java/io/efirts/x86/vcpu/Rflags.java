// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

/** Bits of RFLAGS (SDM volume 1, section 3.4.3). */
public final class Rflags {
  /** Bit 1, which reads as 1. */
  public static final long ALWAYS_SET = 1L << 1;

  /** IF: interrupts are delivered. */
  public static final long IF = 1L << 9;

  /** DF: string instructions go downwards. */
  public static final long DF = 1L << 10;

  private Rflags() {}
}
