// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.record;

/** Takes note of records that are in the store, but for a panic's. */
@FunctionalInterface
public interface WrittenRecords {
  /**
   * A record is in the store. On the thread that wrote it: must not allocate, lock, log or wait.
   *
   * @param record valid until this returns
   */
  void written(RecordBuffer record);
}
