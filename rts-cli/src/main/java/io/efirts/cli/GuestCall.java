// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import java.util.List;

/**
 * A call, and what became of it.
 *
 * @param call the service
 * @param status the EFI status's name
 * @param outcome what the status alone cannot say
 * @param nanos how long its caller waited; of calls that were made more than once, the median
 * @param answer what firmware said
 */
record GuestCall(String call, String status, Outcome outcome, long nanos, String answer) {
  static GuestCall of(String call, CallResult result, long nanos, String answer) {
    return new GuestCall(call, result.status().name(), result.outcome(), nanos, answer);
  }

  /** Whether it was firmware that answered. */
  boolean isAnswered() {
    return outcome == Outcome.COMPLETED;
  }

  /** The status, with the outcome where it was not firmware that answered. */
  String result() {
    return isAnswered() ? status : status + " (" + outcome + ")";
  }

  /** The last of several, with the median of their times. */
  static GuestCall median(List<GuestCall> same) {
    GuestCall last = same.getLast();
    long[] nanos = same.stream().mapToLong(GuestCall::nanos).sorted().toArray();
    return new GuestCall(
        last.call, last.status, last.outcome, nanos[nanos.length / 2], last.answer);
  }
}
