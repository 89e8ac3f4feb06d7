// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** Real UEFI firmware in a QEMU machine. */
module io.efirts.qemu {
  requires transitive io.efirts.api;
  requires com.google.gson;
  requires transitive io.efirts.arm64;
  requires transitive io.efirts.x86;

  exports io.efirts.qemu;
  exports io.efirts.qemu.agent;
  exports io.efirts.qemu.arm64;
  exports io.efirts.qemu.call;
  exports io.efirts.qemu.machine;
  exports io.efirts.qemu.x86;
}
