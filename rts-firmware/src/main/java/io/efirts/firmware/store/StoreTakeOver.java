// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

/**
 * Takes a store from a writer that may be stopped anywhere: gives up the record it has claimed and
 * not committed, and makes the one change that it may still be in the middle of fail.
 *
 * <p>Runs on one thread, beside the stopped one. Everything is a change of the word that the other
 * would change, so of the two one comes first and the other fails.
 */
final class StoreTakeOver {
  private static final long NONE = VariableStore.NONE;

  /** A bit of the byte between a record's state and its attributes, zero in all known writers. */
  private static final int RESERVED_BIT = 1 << 24;

  private final VariableStore store;
  private final StoreWriter writer;
  private final RecordFormat format;
  private final long wordUnderWay;

  /**
   * A takeover.
   *
   * @param store the store, for its new owner
   * @param writer the new owner's writer
   * @param wordUnderWay offset of the word the old owner may still change, or negative
   */
  StoreTakeOver(VariableStore store, StoreWriter writer, long wordUnderWay) {
    this.store = store;
    this.writer = writer;
    this.format = store.format();
    this.wordUnderWay = wordUnderWay;
  }

  /** Returns when the old owner can have no effect any more. */
  void settle() {
    boolean settled;
    do {
      store.rescan();
      settled = giveUpUncommitted() && completeTail();
    } while (!settled);
    refuseChangeUnderWay();
  }

  /** The commit is a change of the same word, so it came before this one or fails. */
  private boolean giveUpUncommitted() {
    boolean all = true;
    for (long record = store.first(); record != NONE; record = store.next(record)) {
      if (store.state(record) == RecordState.HEADER_ONLY) {
        all &= writer.mark(record, RecordState.TO_DELETED);
      }
    }
    return all;
  }

  /** A claim that was begun, or may begin, is turned into a record that nobody reads. */
  private boolean completeTail() {
    long tail = store.tail();
    return switch (Tail.of(store.content(), tail, store.end(), format)) {
      case CLAIMED -> writer.completeClaim(tail);
      case CLEAN -> {
        boolean roomForClaim = store.end() - tail >= format.headerBytes();
        yield wordUnderWay < tail || !roomForClaim || writer.completeClaim(tail);
      }
      case DIRTY -> true;
    };
  }

  /**
   * Changes the reserved byte beside a state, which nobody reads: whoever read the word before
   * finds another one. If this fails the change under way came first, before the takeover.
   */
  private void refuseChangeUnderWay() {
    for (long record = store.first(); record != NONE; record = store.next(record)) {
      if (record == wordUnderWay && RecordState.isLive(store.state(record))) {
        int word = writer.word(record);
        store.storage().compareAndSetWord(record, word, word ^ RESERVED_BIT);
      }
    }
  }
}
