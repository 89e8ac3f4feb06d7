// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What the guest writes to its serial port, for as long as it likes: QEMU appends to the file, and
 * this cuts off what is old.
 */
final class SerialLog {
  /** Far more than firmware says from its first instruction to its shell. */
  static final long MOST_BYTES = 4 << 20;

  /** The last lines, which tell why a machine ended. */
  static final int KEPT_BYTES = 16 << 10;

  private final Path file;

  SerialLog(Path file) {
    this.file = file;
  }

  /**
   * Cuts the file to its end if it has become long. What the guest writes at the same moment may be
   * lost. For one thread; a look at the file's length is all it mostly costs.
   *
   * @throws MachineException if the file cannot be cut
   */
  void keepShort() {
    try {
      if (Files.size(file) > MOST_BYTES) {
        cut();
      }
    } catch (NoSuchFileException e) {
      // QEMU has not made it yet, or the directory goes with the machine.
      return;
    } catch (IOException e) {
      throw new MachineException("serial port's file must be writable: file=" + file, e);
    }
  }

  private void cut() throws IOException {
    ByteBuffer end = ByteBuffer.allocate(KEPT_BYTES);
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      long position = channel.size() - KEPT_BYTES;
      while (end.hasRemaining() && channel.read(end, position + end.position()) > 0) {
        continue;
      }
      channel.truncate(0);
    }
    // Appended, as QEMU does: neither overwrites what the other has written.
    try (FileChannel channel = FileChannel.open(file, APPEND)) {
      end.flip();
      while (end.hasRemaining()) {
        channel.write(end);
      }
    }
  }
}
