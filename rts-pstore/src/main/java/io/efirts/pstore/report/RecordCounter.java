// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.report;

/**
 * What is counted of records. Every one attempted ends as exactly one of written, written late and
 * dropped; until then it is in the deferred lane.
 */
public enum RecordCounter {
  /** Records that were to be written. */
  ATTEMPTED,
  /** Written at once. */
  WRITTEN,
  /** Put into the deferred lane. */
  DEFERRED,
  /** Written out of the deferred lane. */
  WRITTEN_LATE,
  /** Lost, each reported with its reason. */
  DROPPED,
  /** Whole dumps that were not composed, since another one was under way. */
  DUMPS_SKIPPED,
  /** Announcements that were not made one by one, for lack of room. */
  ANNOUNCEMENTS_MISSED,
  /** What listeners and the log's source have thrown. */
  FAILURES
}
