// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** x86 page tables and EFI address spaces. */
@SuppressWarnings("module") // The digits at the end of the name are the architecture's.
module io.efirts.x86 {
  requires transitive io.efirts.api;

  exports io.efirts.x86.abi;
  exports io.efirts.x86.context;
  exports io.efirts.x86;
  exports io.efirts.x86.paging;
  exports io.efirts.x86.plan;
  exports io.efirts.x86.space;
  exports io.efirts.x86.vcpu;
}
