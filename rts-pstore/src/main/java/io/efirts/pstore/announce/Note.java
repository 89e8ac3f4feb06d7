// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.announce;

import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.report.RecordAnnouncement;

/** What is kept of a record until it is told of. Belongs to whoever took it out of a queue. */
final class Note {
  private long id;
  private int part;
  private int count;
  private long seconds;
  private boolean compressed;
  private int length;

  Note() {}

  void fill(RecordBuffer record) {
    id = record.id();
    part = record.part();
    count = record.count();
    seconds = record.seconds();
    compressed = record.compressed();
    length = record.length();
  }

  RecordAnnouncement announcement() {
    return new RecordAnnouncement(id, part, count, seconds, compressed, length);
  }
}
