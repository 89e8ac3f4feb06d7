// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.pstore.report.RecordLoss;

/** What the answer to a record's SetVariable means for the record. */
public enum WriteAnswer {
  /** It is in the store. */
  WRITTEN(null),
  /** Firmware was not asked, or nobody knows what it did: writing the same again does no harm. */
  LATER(RecordLoss.CLOSED),
  /** There is no room, but may be once older dumps were evicted. */
  NO_SPACE(RecordLoss.NO_SPACE),
  /** Firmware does not take it. */
  REFUSED(RecordLoss.REFUSED),
  /** Firmware will not be called any more, at least not from here. */
  OVER(RecordLoss.CLOSED);

  private final RecordLoss loss;

  WriteAnswer(RecordLoss loss) {
    this.loss = loss;
  }

  /**
   * Why the record is lost, if nobody writes it again.
   *
   * @return the reason; null for a written one
   */
  public RecordLoss loss() {
    return loss;
  }

  /**
   * Reads an answer. Allocates nothing.
   *
   * @param result what the call returned
   * @return what it means
   */
  public static WriteAnswer of(CallResult result) {
    Outcome outcome = result.outcome();
    if (outcome == Outcome.COMPLETED) {
      long status = result.status().raw();
      if (status == EfiStatusCode.SUCCESS) {
        return WRITTEN;
      }
      return status == EfiStatusCode.OUT_OF_RESOURCES ? NO_SPACE : REFUSED;
    }
    if (outcome == Outcome.STORAGE_RESERVE) {
      return NO_SPACE;
    }
    if (outcome == Outcome.UNSUPPORTED) {
      return REFUSED;
    }
    return outcome == Outcome.EMERGENCY || outcome == Outcome.CLOSED ? OVER : LATER;
  }
}
