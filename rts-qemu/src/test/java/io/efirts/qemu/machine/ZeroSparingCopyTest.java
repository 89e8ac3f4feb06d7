// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZeroSparingCopyTest {
  @TempDir private Path files;

  @Test
  void aCopyOfAReadOnlyFileIsWritable() throws IOException {
    Path from = Files.write(files.resolve("from"), new byte[] {1, 0, 2});
    assertTrue(from.toFile().setReadOnly());
    ZeroSparingCopy.copy(from, files.resolve("to"));
    assertTrue(Files.isWritable(files.resolve("to")));
    assertTrue(
        Files.getPosixFilePermissions(files.resolve("to")).toString().contains("OWNER_WRITE"));
  }

  @Test
  void aMissingFileIsNamed() {
    MachineException missing =
        assertThrows(
            MachineException.class,
            () -> ZeroSparingCopy.copy(files.resolve("none"), files.resolve("to")));
    assertEquals("file must be readable: file=" + files.resolve("none"), missing.getMessage());
  }
}
