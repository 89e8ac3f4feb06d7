// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.announce;

import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.CrashRecordListener;
import io.efirts.pstore.report.RecordAnnouncement;
import java.util.List;

/** Announcements with one listener, which remembers the records that it was told of. */
final class ToldRecords implements CrashRecordListener {
  private static final int BYTES = 16;

  final Announcements announcements = new Announcements(List.of(this), new RecordCounts());
  private final StringBuffer told = new StringBuffer();

  static RecordBuffer record(int part) {
    RecordBuffer record = new RecordBuffer(BYTES);
    record.set(part, part, part, part % 2 == 0, part);
    return record;
  }

  @Override
  public void written(RecordAnnouncement record) {
    int part = record.part();
    boolean whole = record.equals(expected(part));
    told.append(whole ? part : "mixed").append(' ');
  }

  private static RecordAnnouncement expected(int part) {
    return new RecordAnnouncement(record(part).id(), part, part, part, part % 2 == 0, part);
  }

  @Override
  public void writtenUnnamed(long records) {
    told.append("unnamed ");
  }

  /** Tells what is left, when all are through, and what was told altogether. */
  String told() {
    announcements.tell();
    return told.toString().strip();
  }
}
