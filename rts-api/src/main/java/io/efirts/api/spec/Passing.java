// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/** How a parameter reaches firmware in its argument word. */
public enum Passing {
  /** The word is the address of the argument in the firmware's address space. */
  POINTER,
  /** The word is the argument itself. */
  VALUE
}
