// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

/** A caller-owned UINT32 that a service fills in. Used by the calling thread only. */
public final class IntHolder {
  /** The value, an unsigned 32-bit number; unchanged where the service does not fill it in. */
  public int value;

  /** A holder of 0. */
  public IntHolder() {}
}
