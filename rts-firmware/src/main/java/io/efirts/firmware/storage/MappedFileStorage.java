// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.storage;

import io.efirts.api.spi.NvStorage;
import io.efirts.api.spi.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Storage in a file that is mapped once. The channel is not touched again before {@link #close}: a
 * channel closes for everyone when an interrupted thread uses it, a mapping does not.
 *
 * <p>A writable file is locked against other processes, QEMU included, for as long as it is open.
 * On POSIX systems the lock is the process's: it is lost when anything in this process closes
 * another descriptor of the same file, so do not open a file a second time, not even for reading.
 * {@link #force} blocks until the device answers; nothing else blocks, and nothing allocates. After
 * {@link #close} every access throws {@link IllegalStateException}.
 */
public final class MappedFileStorage implements NvStorage, Closeable {
  /** Far above any flash device, and what one mapping can hold. */
  private static final long MAXIMUM_BYTES = 1 << 30;

  private final Path path;
  private final FileChannel channel;
  private final Arena arena;
  private final SegmentBytes bytes;

  /** The same bytes once more: a part of it can be forced without making an object for the part. */
  private final MappedByteBuffer mapping;

  private final boolean readOnly;

  private MappedFileStorage(Path path, FileChannel channel, boolean readOnly) throws IOException {
    this.path = path;
    this.channel = channel;
    this.readOnly = readOnly;
    this.arena = Arena.ofShared();
    MapMode mode = readOnly ? MapMode.READ_ONLY : MapMode.READ_WRITE;
    MemorySegment mapped = channel.map(mode, 0, channel.size(), arena);
    this.bytes = new SegmentBytes(mapped);
    this.mapping = (MappedByteBuffer) mapped.asByteBuffer();
    if (!readOnly) {
      // The first one in a JVM loads what it needs; no crash path is to be that one.
      mapping.force(0, 1);
    }
  }

  /**
   * Opens a file for reading and writing and locks it.
   *
   * @param path the file
   * @return the storage; to be closed
   * @throws IOException if the file is missing, empty, not writable or in use; the message says
   *     which
   */
  public static MappedFileStorage open(Path path) throws IOException {
    return open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE), false);
  }

  /**
   * Opens a file for reading only, without a lock: another process may change it meanwhile.
   *
   * @param path the file
   * @return the storage; to be closed
   * @throws IOException if the file is missing, empty or not readable; the message says which
   */
  public static MappedFileStorage openReadOnly(Path path) throws IOException {
    return open(path, Set.of(StandardOpenOption.READ), true);
  }

  private static MappedFileStorage open(
      Path path, Set<? extends OpenOption> options, boolean readOnly) throws IOException {
    FileChannel channel = openChannel(path, options);
    try {
      if (!readOnly) {
        lock(path, channel);
      }
      if (channel.size() == 0) {
        throw new IOException("file must not be empty: path=" + path);
      }
      if (channel.size() > MAXIMUM_BYTES) {
        throw new IOException(
            "file must be at most "
                + MAXIMUM_BYTES
                + " bytes: path="
                + path
                + ", size="
                + channel.size());
      }
      return new MappedFileStorage(path, channel, readOnly);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel openChannel(Path path, Set<? extends OpenOption> options)
      throws IOException {
    try {
      return FileChannel.open(path, options);
    } catch (NoSuchFileException e) {
      throw new IOException("file must exist: path=" + path, e);
    } catch (AccessDeniedException e) {
      throw new IOException("file must be accessible: path=" + path + ", options=" + options, e);
    }
  }

  private static void lock(Path path, FileChannel channel) throws IOException {
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      throw new IOException("file must not be open twice: path=" + path, e);
    }
    if (!locked) {
      throw new IOException("file must not be in use by another process: path=" + path);
    }
  }

  /**
   * The file.
   *
   * @return the path as it was given
   */
  public Path path() {
    return path;
  }

  @Override
  public long sizeBytes() {
    return bytes.segment().byteSize();
  }

  @Override
  public MemorySegment content() {
    return bytes.readOnlyView();
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    bytes.write(offset, source, sourceOffset, lengthBytes);
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    return bytes.compareAndSetWord(offset, expected, replacement);
  }

  @Override
  public void force(long offset, long lengthBytes) {
    try {
      mapping.force((int) offset, (int) lengthBytes);
    } catch (UncheckedIOException e) {
      throw new StorageException(
          "file must take the forced bytes: path="
              + path
              + ", offset=0x"
              + Long.toHexString(offset)
              + ", length=0x"
              + Long.toHexString(lengthBytes),
          e);
    }
  }

  /**
   * Unmaps the file and gives up the lock. Not while a call can be inside the firmware.
   *
   * @throws IOException if the file cannot be closed
   */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (arena.scope().isAlive()) {
        arena.close();
      }
    }
  }
}
