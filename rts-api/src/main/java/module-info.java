// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** EFI runtime services: their types. */
module io.efirts.api {
  exports io.efirts.api.spec;
}
