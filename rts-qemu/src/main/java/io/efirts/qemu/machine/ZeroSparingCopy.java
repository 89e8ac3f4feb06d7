// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies a file and leaves holes where it is all zeros: most of a guest's RAM is. */
final class ZeroSparingCopy {
  private static final int CHUNK_BYTES = 64 * 1024;

  private ZeroSparingCopy() {}

  /**
   * Copies a file.
   *
   * @param from an existing file
   * @param to a file that is made or replaced, writable whatever {@code from} is
   * @throws MachineException if reading or writing fails
   */
  static void copy(Path from, Path to) {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ)) {
      copy(in, to);
    } catch (IOException e) {
      throw new MachineException("file must be readable: file=" + from, e);
    }
  }

  /**
   * Copies all of an open file.
   *
   * @param in open for reading; its position is neither used nor changed
   * @param to a file that is made or replaced
   * @throws MachineException if reading or writing fails
   */
  static void copy(FileChannel in, Path to) {
    try (FileChannel out =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
      MemorySegment bytes = MemorySegment.ofBuffer(chunk);
      MemorySegment zeros = MemorySegment.ofArray(new byte[CHUNK_BYTES]);
      long position = 0;
      while (in.read(chunk.clear(), position) > 0) {
        int size = chunk.flip().remaining();
        if (MemorySegment.mismatch(bytes, 0, size, zeros, 0, size) >= 0) {
          for (long at = position; chunk.hasRemaining(); ) {
            at += out.write(chunk, at);
          }
        }
        position += size;
      }
      setSize(out, position);
    } catch (IOException e) {
      throw new MachineException("file must be copyable: to=" + to, e);
    }
  }

  /**
   * Makes a file longer without giving it blocks.
   *
   * @param file open for writing
   * @param size its new size, at least its old one
   * @throws IOException if the file cannot have that size
   */
  static void setSize(FileChannel file, long size) throws IOException {
    if (file.size() < size) {
      file.write(ByteBuffer.allocate(1), size - 1);
    }
  }
}
