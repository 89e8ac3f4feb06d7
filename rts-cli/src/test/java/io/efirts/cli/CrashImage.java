// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;

import io.efirts.firmware.store.NvLayout;
import io.efirts.pstore.format.CrashVariable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** An image file with crash records of the test's choice. */
record CrashImage(Path path) {
  static CrashImage in(Path directory) throws IOException {
    return new CrashImage(TestImages.empty(directory, NvLayout.OVMF_4M));
  }

  CrashImage with(String name, String text) {
    return withBytes(name, text.getBytes(StandardCharsets.UTF_8));
  }

  CrashImage withBytes(String name, byte... value) {
    rts("vars", "set", path, name, CrashVariable.GUID, "NV,BS,RT", HexFormat.of().formatHex(value))
        .succeeds();
    return this;
  }
}
