// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

/** A caller-owned BOOLEAN that a service fills in. Used by the calling thread only. */
public final class BooleanHolder {
  /** The value; unchanged where the service does not fill it in. */
  public boolean value;

  /** A holder of false. */
  public BooleanHolder() {}
}
