// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/** Which way the content of a parameter travels, as the specification marks it. */
public enum Direction {
  /** From the caller to firmware. */
  IN,
  /** From firmware to the caller. */
  OUT,
  /** Both ways. */
  INOUT;

  /**
   * Says whether firmware reads the content.
   *
   * @return true for {@link #IN} and {@link #INOUT}
   */
  public boolean isIn() {
    return this != OUT;
  }

  /**
   * Says whether firmware writes the content.
   *
   * @return true for {@link #OUT} and {@link #INOUT}
   */
  public boolean isOut() {
    return this != IN;
  }
}
