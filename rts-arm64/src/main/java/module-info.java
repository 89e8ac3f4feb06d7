// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** arm64 page tables and EFI address spaces. */
@SuppressWarnings("module") // The digits at the end of the name are the architecture's.
module io.efirts.arm64 {
  requires transitive io.efirts.api;

  exports io.efirts.arm64;
  exports io.efirts.arm64.abi;
  exports io.efirts.arm64.context;
  exports io.efirts.arm64.paging;
  exports io.efirts.arm64.plan;
  exports io.efirts.arm64.space;
  exports io.efirts.arm64.vcpu;
}
