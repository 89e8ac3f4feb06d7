// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

/** By which of its addresses memory is reached. */
public enum Alias {
  /** The address that equals the physical one. */
  PHYSICAL,
  /** The address that SetVirtualAddressMap has told firmware. */
  VIRTUAL
}
