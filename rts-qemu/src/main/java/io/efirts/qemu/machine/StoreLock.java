// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second machine off a variable store that one works on in place: QEMU shares a flash file
 * with whoever asks. One byte far behind the end is locked, so that the locks QEMU does take on the
 * file's first bytes are not in the way.
 *
 * <p>It guards against mistakes, not against ill will: Linux drops it early when this JVM opens and
 * closes the same file elsewhere.
 */
final class StoreLock implements AutoCloseable {
  private static final long FAR_BEHIND = 1L << 60;

  private final Path store;
  private final FileChannel channel;

  private StoreLock(Path store, FileChannel channel) {
    this.store = store;
    this.channel = channel;
  }

  /**
   * Locks a store.
   *
   * @throws MachineException if another machine has it, or it cannot be written
   */
  static StoreLock take(Path store) {
    try {
      FileChannel channel =
          FileChannel.open(store, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock(FAR_BEHIND, 1, false);
        if (lock != null) {
          return new StoreLock(store, channel);
        }
      } catch (OverlappingFileLockException e) {
        // Another machine of this JVM has it, which is the same as another JVM's.
      }
      channel.close();
    } catch (IOException e) {
      throw new MachineException("variable store must be writable: variables=" + store, e);
    }
    throw new MachineException(
        "variable store must be used by one machine at a time: variables=" + store);
  }

  /** The store, open for reading; to be read through this and not opened again. */
  FileChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new MachineException("variable store must be closable: variables=" + store, e);
    }
  }
}
