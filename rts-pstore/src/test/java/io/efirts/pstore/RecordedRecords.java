// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.RecordAnnouncement;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A listener that keeps what it is told. Safe for any thread. */
final class RecordedRecords implements CrashRecordListener {
  private final List<RecordAnnouncement> written = new ArrayList<>();
  private final List<Long> lost = new ArrayList<>();
  private final List<RecordLoss> losses = new ArrayList<>();
  private long writtenUnnamed;
  private long lostUnnamed;

  @Override
  public synchronized void written(RecordAnnouncement record) {
    written.add(record);
  }

  @Override
  public synchronized void writtenUnnamed(long records) {
    writtenUnnamed += records;
  }

  @Override
  public synchronized void lost(long id, RecordLoss why) {
    lost.add(id);
    losses.add(why);
  }

  @Override
  public synchronized void lostUnnamed(long records) {
    lostUnnamed += records;
  }

  synchronized List<RecordAnnouncement> written() {
    return List.copyOf(written);
  }

  synchronized long writtenUnnamed() {
    return writtenUnnamed;
  }

  /** Ids in the order in which they were told. */
  synchronized List<Long> lost() {
    return List.copyOf(lost);
  }

  /** Why, in the same order. */
  synchronized List<RecordLoss> losses() {
    return List.copyOf(losses);
  }

  synchronized long lostUnnamed() {
    return lostUnnamed;
  }

  /**
   * Every record that was attempted was written or dropped, and every one that was dropped was told
   * of once.
   */
  void checkAccounts(Pstore pstore, String where) {
    assertEquals(0, pstore.deferred(), where);
    assertEquals(
        pstore.count(RecordCounter.ATTEMPTED),
        pstore.count(RecordCounter.WRITTEN)
            + pstore.count(RecordCounter.WRITTEN_LATE)
            + pstore.count(RecordCounter.DROPPED),
        where);
    Set<Long> different = new HashSet<>(lost());
    assertEquals(lost().size(), different.size(), () -> where + ": told twice: " + lost());
    assertEquals(
        pstore.count(RecordCounter.DROPPED), lost().size() + lostUnnamed(), () -> where + lost());
  }
}
