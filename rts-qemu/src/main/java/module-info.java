// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** Real UEFI firmware in a QEMU machine. */
module io.efirts.qemu {
  requires transitive io.efirts.api;
  requires com.google.gson;
  requires io.efirts.arm64;
  requires io.efirts.x86;

  exports io.efirts.qemu.machine;
}
