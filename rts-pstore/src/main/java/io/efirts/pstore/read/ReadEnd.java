// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.api.CallResult;
import java.util.Objects;

/**
 * How a walk over crash records ended.
 *
 * @param cause why
 * @param result the last answer of the services
 */
public record ReadEnd(Cause cause, CallResult result) {
  /** Why a walk ended. */
  public enum Cause {
    /** Firmware said that there are no more variables. */
    COMPLETE,
    /** Firmware returned a name twice, an empty one, or too many. */
    ASTRAY,
    /** There are more entries than {@link CrashRecordReader#ENTRY_LIMIT}. */
    TOO_MANY_ENTRIES,
    /** The records hold more than {@link CrashRecordReader#TOTAL_LIMIT_BYTES}. */
    TOO_MANY_BYTES,
    /** A service failed or refused; the result says how. */
    SERVICE_FAILED
  }

  /** Checks that nothing is missing. */
  public ReadEnd {
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(result, "result");
  }

  /**
   * Whether every record was met.
   *
   * @return true if firmware said that there are no more
   */
  public boolean isComplete() {
    return cause == Cause.COMPLETE;
  }

  /**
   * Says how it ended in words.
   *
   * @return a phrase
   */
  public String explanation() {
    return switch (cause) {
      case COMPLETE -> "there are no more variables";
      case ASTRAY -> "firmware repeats variable names";
      case TOO_MANY_ENTRIES -> "there are too many entries: limit=" + CrashRecordReader.ENTRY_LIMIT;
      case TOO_MANY_BYTES ->
          "the records are too large together: limit=" + CrashRecordReader.TOTAL_LIMIT_BYTES;
      case SERVICE_FAILED -> "firmware could not go on: " + result;
    };
  }
}
