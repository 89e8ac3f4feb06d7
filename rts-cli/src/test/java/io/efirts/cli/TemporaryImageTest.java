// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryImageTest {
  @TempDir private Path directory;

  /** Images in a package store are read-only for everybody. */
  @Test
  void copyOfAReadOnlyImageCanBeWritten() throws IOException {
    Path original = TestImages.empty(directory, NvLayout.OVMF_4M);
    Files.setPosixFilePermissions(original, PosixFilePermissions.fromString("r--r--r--"));
    Path copied;
    try (TemporaryImage copy = TemporaryImage.copyOf(original)) {
      copied = copy.path();
      assertArrayEquals(Files.readAllBytes(original), Files.readAllBytes(copied));
      assertTrue(
          Files.getPosixFilePermissions(copied).contains(PosixFilePermission.OWNER_WRITE),
          "the copy must be writable");
    }
    assertFalse(Files.exists(copied), "and it must be gone in the end");
  }
}
