// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.work;

import io.efirts.api.CallResult;
import io.efirts.pstore.record.RecordBuffer;

/** How a record that was deferred gets to the firmware. */
@FunctionalInterface
interface RecordWrite {
  /**
   * Makes the record's SetVariable.
   *
   * @param record not changed by anybody meanwhile
   * @return the answer
   */
  CallResult write(RecordBuffer record);
}
