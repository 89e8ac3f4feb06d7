// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import java.lang.foreign.MemorySegment;

/**
 * The bytes of a non-volatile variable store, addressed from 0: a mapped file, plain memory, or a
 * test double that fails on purpose.
 *
 * <p>Plain writes may reach stable storage in any order and at any time; {@link #force} is the only
 * ordering. State words change by compare-and-set only, so that a writer that was given up cannot
 * commit after another one took over: both race for the same word.
 *
 * <p>Used by the thread that holds the gate, and by a crash path beside it. Works also when the
 * thread's interrupt flag is set. No method allocates.
 */
public interface NvStorage {
  /**
   * Size of the storage.
   *
   * @return number of bytes, constant
   */
  long sizeBytes();

  /**
   * The current content, for reading. Sees every write made so far, forced or not.
   *
   * @return a read-only segment of {@link #sizeBytes} bytes, always the same
   */
  MemorySegment content();

  /**
   * Whether this storage refuses every change.
   *
   * @return true if {@link #write}, {@link #compareAndSetWord} and {@link #force} must not be
   *     called
   */
  boolean readOnly();

  /**
   * Writes bytes in place, not yet durable.
   *
   * @param offset first byte to change
   * @param source where from
   * @param sourceOffset offset in the source
   * @param lengthBytes number of bytes
   * @throws StorageException if the device refuses
   */
  void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes);

  /**
   * Changes one aligned 32-bit little-endian word if it still has the expected value, with the
   * memory effects of a volatile read and write: everything written before is visible to whoever
   * sees the new word.
   *
   * @param offset a multiple of 4
   * @param expected the value it must have
   * @param replacement the value it gets
   * @return true if this call changed it
   * @throws StorageException if the device refuses
   */
  boolean compareAndSetWord(long offset, int expected, int replacement);

  /**
   * Returns when the bytes of a range are on stable storage.
   *
   * @param offset first byte
   * @param lengthBytes number of bytes
   * @throws StorageException if that could not be achieved; what is durable is then unknown
   */
  void force(long offset, long lengthBytes);
}
