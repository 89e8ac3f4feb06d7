// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import io.efirts.pstore.record.RecordBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One place for a record. What it holds belongs to whoever moved its word to CLAIMED or WRITING;
 * the word's compare-and-set publishes it to the next.
 */
final class LaneSlot {
  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(LaneSlot.class, "word", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RecordBuffer record;

  private volatile long word = LaneState.FREE;

  /**
   * The record's place in the order, written while CLAIMED. Others read it while they choose a
   * slot, and may read that of an earlier or later record: the change of the word that follows
   * decides.
   */
  private long order;

  /** How often firmware has refused the record; for whoever writes it. */
  private int refusals;

  LaneSlot(int recordBytes) {
    record = new RecordBuffer(recordBytes);
  }

  RecordBuffer record() {
    return record;
  }

  long order() {
    return order;
  }

  int refusedAgain() {
    return ++refusals;
  }

  void fill(RecordBuffer source, long newOrder) {
    record.copy(source);
    order = newOrder;
    refusals = 0;
  }

  long word() {
    return word;
  }

  boolean change(long seen, long next) {
    return WORD.compareAndSet(this, seen, next);
  }
}
