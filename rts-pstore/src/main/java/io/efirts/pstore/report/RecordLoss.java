// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.report;

/** Why a record was lost. */
public enum RecordLoss {
  /** Firmware, or the storage reserve, said that there is no room. */
  NO_SPACE,
  /** Firmware answered with another error. */
  REFUSED,
  /** The deferred lane was full, and this was the record to go. */
  LANE_FULL,
  /** Its writer was stopped before it was whole, and an emergency did not wait. */
  TORN,
  /** The firmware was interrupted or faulted and cannot be called any more. */
  NO_FIRMWARE,
  /** The dispatcher or this store was closed, or the firmware taken over, with it unwritten. */
  CLOSED
}
