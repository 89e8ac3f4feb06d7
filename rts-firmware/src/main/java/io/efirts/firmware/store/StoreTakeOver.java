// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

/**
 * Takes a store from writers that may be stopped anywhere: gives up the records they have claimed
 * and not committed, and makes the one change that each may still be in the middle of fail.
 *
 * <p>Made beforehand; a takeover allocates nothing. Runs on one thread, beside the stopped ones.
 * Everything is a change of the word that the other would change, so of the two one comes first and
 * the other fails.
 */
final class StoreTakeOver {
  private static final long NONE = VariableStore.NONE;

  private final StorageLease[] predecessors;

  /** For each predecessor the offset of the word it may still change, or negative. */
  private final long[] underWay;

  /**
   * A takeover that was not begun.
   *
   * @param predecessors the leases of everybody who may still be in the middle of a change; it is
   *     enough to name those who came since the last takeover that ended
   */
  StoreTakeOver(StorageLease... predecessors) {
    this.predecessors = predecessors;
    this.underWay = new long[predecessors.length];
  }

  /** From here on at most one change of each predecessor takes effect, and it is known which. */
  void revoke() {
    for (StorageLease predecessor : predecessors) {
      predecessor.revoke();
    }
    for (int i = 0; i < predecessors.length; i++) {
      underWay[i] = predecessors[i].underWay();
    }
  }

  /** After {@link #revoke}: whether a change may still take effect. */
  boolean isChangeUnderWay() {
    for (long change : underWay) {
      if (change != StorageLease.NOTHING) {
        return true;
      }
    }
    return false;
  }

  /**
   * After {@link #revoke}: returns when no predecessor can have an effect any more.
   *
   * @param store the store, for its new owner
   * @param writer the new owner's writer
   */
  void settle(VariableStore store, StoreWriter writer) {
    boolean settled;
    do {
      store.rescan();
      settled = giveUpUncommitted(store, writer.words()) && completeTail(store, writer);
    } while (!settled);
    for (long word : underWay) {
      refuseChangeOfState(word, store, writer.words());
    }
  }

  /** The commit is a change of the same word, so it came before this one or fails. */
  private boolean giveUpUncommitted(VariableStore store, RecordWords words) {
    boolean all = true;
    for (long record = store.first(); record != NONE; record = store.next(record)) {
      int word = words.at(record);
      int state = RecordWords.stateIn(word);
      if (state == RecordState.HEADER_ONLY) {
        all &= words.markFrom(word, record, RecordState.TO_DELETED);
      } else if (state == RecordState.ERASED && isUnderWay(record)) {
        all &= words.markFrom(word, record, RecordState.TO_GIVEN_UP);
      }
    }
    return all;
  }

  /** A claim that was begun, or may begin, is turned into a record that nobody reads. */
  private boolean completeTail(VariableStore store, StoreWriter writer) {
    long tail = store.tail();
    return switch (Tail.of(store.bytes(), tail, store.end(), store.format())) {
      case CLAIMED -> writer.completeClaim(tail);
      case CLEAN -> {
        boolean roomForClaim = store.end() - tail >= store.format().headerBytes();
        yield !isUnderWayFrom(tail) || !roomForClaim || writer.completeClaim(tail);
      }
      case DIRTY -> true;
    };
  }

  private boolean isUnderWay(long record) {
    for (long word : underWay) {
      if (word == record) {
        return true;
      }
    }
    return false;
  }

  private boolean isUnderWayFrom(long tail) {
    for (long word : underWay) {
      if (word >= tail) {
        return true;
      }
    }
    return false;
  }

  /**
   * Counts the byte beside a state on: whoever read the word before finds another one. Counts, and
   * does not toggle: an earlier predecessor may still expect what the word was before a later one
   * took over. What never was a value has been given up already, by its state.
   */
  private static void refuseChangeOfState(long word, VariableStore store, RecordWords words) {
    for (long record = store.first(); record != NONE; record = store.next(record)) {
      if (record == word && !RecordState.wasNeverAdded(store.state(record))) {
        words.countOn(record);
        return;
      }
    }
  }
}
