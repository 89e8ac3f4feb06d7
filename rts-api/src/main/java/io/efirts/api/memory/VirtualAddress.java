// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

/**
 * A virtual address in some address space, in bytes. Whether it is canonical depends on that
 * address space, so every 64-bit value is accepted here.
 *
 * @param value the address, unsigned
 */
public record VirtualAddress(long value) {
  @Override
  public String toString() {
    return "VA 0x" + Long.toHexString(value);
  }
}
