// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

/** Bits of control register 0 (SDM volume 3A, section 2.5). */
public final class Cr0 {
  /** PE: protected mode. */
  public static final long PE = 1L;

  /** MP: WAIT obeys {@link #TS}. */
  public static final long MP = 1L << 1;

  /** EM: there is no floating-point unit, its instructions trap. */
  public static final long EM = 1L << 2;

  /** TS: the task was switched, the next floating-point instruction traps. */
  public static final long TS = 1L << 3;

  /** ET: reads as 1. */
  public static final long ET = 1L << 4;

  /** NE: floating-point errors are exceptions. */
  public static final long NE = 1L << 5;

  /** WP: read-only pages are so for a supervisor too. */
  public static final long WP = 1L << 16;

  /** PG: paging. */
  public static final long PG = 1L << 31;

  private Cr0() {}
}
