// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.lane;

import io.efirts.pstore.record.RecordBuffer;

/** Which slot a thread has taken, and by which token. Made beforehand; one thread at a time. */
public final class LaneTake {
  private LaneSlot slot;
  private long token;

  /** Nothing taken. */
  public LaneTake() {}

  void set(LaneSlot taken, long withToken) {
    slot = taken;
    token = withToken;
  }

  LaneSlot slot() {
    return slot;
  }

  long token() {
    return token;
  }

  /**
   * The record. Nobody changes it as long as this thread has the slot; a thread whose slot was
   * taken over still finds the same bytes, until that one has answered for it.
   *
   * @return what to write
   */
  public RecordBuffer record() {
    return slot.record();
  }

  /**
   * How often firmware has refused this record.
   *
   * @return the count, this time included
   */
  public int refusedAgain() {
    return slot.refusedAgain();
  }
}
