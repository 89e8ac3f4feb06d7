// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

/**
 * A guest-physical address, in bytes.
 *
 * @param value the address, 0 to 2^52 - 1: no supported architecture has wider physical addresses
 */
public record PhysicalAddress(long value) {
  /** Number of physical address bits that any supported architecture can have. */
  public static final int MAXIMUM_BITS = 52;

  /**
   * Checks the width.
   *
   * @throws IllegalArgumentException if a bit above bit 51 is set
   */
  public PhysicalAddress {
    if (value >>> MAXIMUM_BITS != 0) {
      throw new IllegalArgumentException(
          "physical address must fit 52 bits: value=0x" + Long.toHexString(value));
    }
  }

  @Override
  public String toString() {
    return "PA 0x" + Long.toHexString(value);
  }
}
