// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.vcpu;

/** Bits of control register 4 (SDM volume 3A, section 2.5). */
public final class Cr4 {
  /** PSE: pages of 4 MiB in 32-bit paging. */
  public static final long PSE = 1L << 4;

  /** PAE: entries of 8 bytes; required in long mode. */
  public static final long PAE = 1L << 5;

  /** PGE: global pages. */
  public static final long PGE = 1L << 7;

  /** OSFXSR: FXSAVE and FXRSTOR take the XMM registers along. */
  public static final long OSFXSR = 1L << 9;

  /** OSXMMEXCPT: floating-point errors of SSE are exceptions of their own. */
  public static final long OSXMMEXCPT = 1L << 10;

  /** LA57: five levels of tables in long mode. */
  public static final long LA57 = 1L << 12;

  /** PCIDE: translations are cached with the PCID in CR3. */
  public static final long PCIDE = 1L << 17;

  private Cr4() {}
}
