// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.report;

/**
 * Is told of records, later and on another thread than the one that wrote or lost them. May block
 * and make calls, and holds up nobody but other listeners; what it throws is counted.
 */
public interface CrashRecordListener {
  /**
   * A record is in the store. Not told of a panic's records: nobody is told anything then.
   *
   * @param record which
   */
  default void written(RecordAnnouncement record) {}

  /**
   * Records were written that are not told of one by one, since there were too many at a time: read
   * the store to find them.
   *
   * @param records how many
   */
  default void writtenUnnamed(long records) {}

  /**
   * A record was lost.
   *
   * @param id its number
   * @param why the reason
   */
  default void lost(long id, RecordLoss why) {}

  /**
   * Records were lost whose numbers were not kept, since there were too many at a time.
   *
   * @param records how many
   */
  default void lostUnnamed(long records) {}
}
