// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import io.efirts.pstore.record.RecordBuffer;

/** Where a dump's records go. Counts each one, and reports it if it is lost. */
@FunctionalInterface
public interface RecordSink {
  /**
   * Takes a record. Must not allocate, lock, log or wait.
   *
   * @param record valid until this returns
   * @return true if it is written
   */
  boolean take(RecordBuffer record);
}
