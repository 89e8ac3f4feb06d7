// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spi.NvStorage;
import io.efirts.api.spi.StorageException;
import java.lang.foreign.MemorySegment;

/**
 * One firmware's right to change a storage, which can be taken away while a thread is stopped in
 * the middle of a change.
 *
 * <p>An operation announces itself and then looks whether the lease was revoked; a revocation is
 * written and then looks at the announcement. So at most one operation can still take effect after
 * a revocation, and whoever revoked knows which.
 *
 * <p>Used by one thread at a time, but for the two methods of whoever takes over. Allocates nothing
 * until it is revoked.
 */
final class StorageLease implements NvStorage {
  /** No operation is under way. */
  static final long NOTHING = -1;

  /** Bytes are being written, into a record or a header of the lease's owner. */
  static final long BYTES = -2;

  private final NvStorage storage;

  /** Offset of the word that is being changed, or one of the above. */
  private volatile long underWay = NOTHING;

  private volatile boolean revoked;

  StorageLease(NvStorage storage) {
    this.storage = storage;
  }

  /** What the lease is for. */
  NvStorage storage() {
    return storage;
  }

  /** Takes the right away. */
  void revoke() {
    revoked = true;
  }

  /** After {@link #revoke}: the one operation that may still take effect, at any time. */
  long underWay() {
    return underWay;
  }

  @Override
  public long sizeBytes() {
    return storage.sizeBytes();
  }

  @Override
  public MemorySegment content() {
    return storage.content();
  }

  @Override
  public boolean readOnly() {
    return storage.readOnly();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    begin(BYTES);
    try {
      storage.write(offset, source, sourceOffset, lengthBytes);
    } finally {
      underWay = NOTHING;
    }
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    begin(offset);
    try {
      return storage.compareAndSetWord(offset, expected, replacement);
    } finally {
      underWay = NOTHING;
    }
  }

  @Override
  public void force(long offset, long lengthBytes) {
    requireTenure();
    storage.force(offset, lengthBytes);
  }

  private void begin(long operation) {
    // Volatile both: the announcement is seen by a revocation that this operation does not see.
    underWay = operation;
    if (revoked) {
      underWay = NOTHING;
      requireTenure();
    }
  }

  private void requireTenure() {
    if (revoked) {
      throw new StorageException("another firmware has taken the storage over", null);
    }
  }
}
