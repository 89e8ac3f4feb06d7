// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** The {@code rts} command. Exports nothing: its interface is the command line. */
module io.efirts.cli {
  requires com.google.gson;
  requires info.picocli;
  requires io.efirts.dispatch;
  requires io.efirts.firmware;
  requires io.efirts.pstore;
  requires io.efirts.qemu;
  requires io.efirts.arm64;
  requires io.efirts.x86;

  opens io.efirts.cli to
      com.google.gson,
      info.picocli;
}
