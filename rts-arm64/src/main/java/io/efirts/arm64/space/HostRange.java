// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

/** The addresses that TTBR1_EL1 translates: the host's, on which firmware's tables have no say. */
final class HostRange {
  static final String DESCRIPTION = "belongs to the host, whose own root (TTBR1_EL1) translates it";

  /** Of the largest address space: 48 bits. */
  private static final long FIRST = -1L << 48;

  private HostRange() {}

  static boolean contains(long address) {
    return Long.compareUnsigned(address, FIRST) >= 0;
  }
}
