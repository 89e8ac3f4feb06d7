// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spi.NvStorage;

/**
 * The words of a store's records that decide whose a record is and what it counts for, and how they
 * change: by compare-and-set of the word that was looked at. Allocates nothing.
 */
final class RecordWords {
  private static final int ERASED = 0xFFFF_FFFF;
  private static final int STATE_SHIFT = 16;
  private static final int STATE_MASK = 0xFF;
  private static final int RESERVED_BYTE_UNIT = 1 << 24;

  private final NvStorage storage;
  private final StoreBytes bytes;

  RecordWords(NvStorage storage, StoreBytes bytes) {
    this.storage = storage;
    this.bytes = bytes;
  }

  /** Gives an erased word a value; false if somebody else did. */
  boolean claim(long offset, int value) {
    return storage.compareAndSetWord(offset, ERASED, value);
  }

  /** Makes sure that a word can be claimed no more; false if it was just then. */
  boolean zeroIfErased(long offset) {
    return at(offset) != ERASED || claim(offset, 0);
  }

  int at(long record) {
    return bytes.getInt(record);
  }

  static int stateIn(int word) {
    return word >>> STATE_SHIFT & STATE_MASK;
  }

  /** Clears state bits; false if the word changed meanwhile. */
  boolean mark(long record, int mask) {
    return markFrom(at(record), record, mask);
  }

  /** As {@link #mark}, of a word that was looked at before. */
  boolean markFrom(int word, long record, int mask) {
    int marked = word & (mask << STATE_SHIFT | ~(STATE_MASK << STATE_SHIFT));
    return word == marked || storage.compareAndSetWord(record, word, marked);
  }

  /** Counts the byte between a state and the attributes on, which nobody reads. */
  void countOn(long record) {
    int seen;
    do {
      seen = at(record);
    } while (!storage.compareAndSetWord(record, seen, seen + RESERVED_BYTE_UNIT));
  }
}
