// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SerialLogTest {
  private static final int MOST = (int) SerialLog.MOST_BYTES;

  @TempDir private Path directory;
  private Path file;
  private SerialLog log;

  @BeforeEach
  void create() {
    file = directory.resolve("serial.log");
    log = new SerialLog(file);
  }

  private byte[] written(int length) throws IOException {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    Files.write(file, bytes);
    return bytes;
  }

  @Test
  void aLogOfOrdinaryLengthIsLeftAlone() throws IOException {
    byte[] bytes = written(MOST);
    log.keepShort();
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  @Test
  void ofALongOneTheEndStays() throws IOException {
    byte[] bytes = written(MOST + 1);
    log.keepShort();
    assertArrayEquals(
        Arrays.copyOfRange(bytes, MOST + 1 - SerialLog.KEPT_BYTES, MOST + 1),
        Files.readAllBytes(file));
  }

  /** QEMU has it open while it is cut, and goes on behind what was kept. */
  @Test
  void whoHasItOpenAppendsBehindTheEnd() throws IOException {
    written(MOST + 1);
    try (var guest = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      log.keepShort();
      guest.write('x');
    }
    byte[] left = Files.readAllBytes(file);
    assertEquals(SerialLog.KEPT_BYTES + 1, left.length);
    assertEquals('x', left[SerialLog.KEPT_BYTES]);
  }

  @Test
  void oneThatIsNotThereIsNotMade() {
    log.keepShort();
    assertFalse(Files.exists(file));
  }
}
