// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** EFI runtime services: their types, how calls are packed, and what an embedder implements. */
module io.efirts.api {
  exports io.efirts.api;
  exports io.efirts.api.call;
  exports io.efirts.api.flat;
  exports io.efirts.api.map;
  exports io.efirts.api.memory;
  exports io.efirts.api.spec;
  exports io.efirts.api.spi;
}
