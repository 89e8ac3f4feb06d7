// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.arm64.paging.PagingMode;

/** The addresses that TTBR1_EL1 translates: the host's, on which firmware's tables have no say. */
final class HostRange {
  static final String DESCRIPTION = "belongs to the host, whose own root (TTBR1_EL1) translates it";

  /** Of the largest address space that needs no feature. */
  private static final int LEAST_BITS = 48;

  private HostRange() {}

  /** Taken to be as large as any, or as the mode's own range if that is larger. */
  static boolean contains(PagingMode mode, long address) {
    long first = -1L << Math.max(LEAST_BITS, mode.virtualBits());
    return Long.compareUnsigned(address, first) >= 0;
  }
}
