// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ZeroSparingCopyPropertyTest {
  @Property(tries = 50)
  void aCopyHasTheSameBytes(
      @ForAll @IntRange(max = 300_000) int size, @ForAll @IntRange(max = 299_999) int at)
      throws IOException {
    byte[] bytes = new byte[size];
    if (at < size) {
      bytes[at] = 1;
    }
    Path from = Files.createTempFile("efi-copy", ".from");
    Path to = Files.createTempFile("efi-copy", ".to");
    try {
      Files.write(from, bytes);
      Files.write(to, new byte[400_000]);
      ZeroSparingCopy.copy(from, to);
      assertEquals(-1, Files.mismatch(from, to));
    } finally {
      Files.delete(from);
      Files.delete(to);
    }
  }
}
