// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

/**
 * A caller-owned UINTN or UINT64 that a service reads or fills in. Used by the calling thread only.
 */
public final class LongHolder {
  /** The value, an unsigned 64-bit number; unchanged where the service does not fill it in. */
  public long value;

  /** A holder of 0. */
  public LongHolder() {}

  /**
   * A holder of an initial value.
   *
   * @param value what the service will read
   */
  public LongHolder(long value) {
    this.value = value;
  }
}
