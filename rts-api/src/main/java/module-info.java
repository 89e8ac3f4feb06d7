// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** EFI runtime services: their types, how calls are packed, and what an embedder implements. */
@SuppressWarnings("module") // the modules that get exports of their own are compiled later
module io.efirts.api {
  exports io.efirts.api;
  exports io.efirts.api.call;
  exports io.efirts.api.flat;
  exports io.efirts.api.map;
  exports io.efirts.api.memory;
  exports io.efirts.api.paging;
  exports io.efirts.api.plan;
  exports io.efirts.api.space;
  exports io.efirts.api.spec;
  exports io.efirts.api.spi;
  exports io.efirts.api.paging.table to
      io.efirts.arm64,
      io.efirts.x86;
  exports io.efirts.api.plan.placement to
      io.efirts.arm64,
      io.efirts.x86;
  exports io.efirts.api.space.layout to
      io.efirts.arm64,
      io.efirts.x86;
}
