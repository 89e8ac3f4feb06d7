// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

/** Bits of the extended feature enable register (SDM volume 3A, section 2.2.1). */
public final class Efer {
  /** SCE: SYSCALL and SYSRET. */
  public static final long SCE = 1L;

  /** LME: paging means long mode. */
  public static final long LME = 1L << 8;

  /** LMA, read only: long mode is active, that is LME and CR0.PG are set. */
  public static final long LMA = 1L << 10;

  /** NXE: bit 63 of a paging entry forbids execution; it is reserved otherwise. */
  public static final long NXE = 1L << 11;

  private Efer() {}
}
