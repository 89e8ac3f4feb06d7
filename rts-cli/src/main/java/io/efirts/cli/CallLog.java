// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import java.io.PrintWriter;
import java.util.Locale;

/** One aligned line for each call: service, status, how long it took, what it said. */
final class CallLog {
  private static final double NANOS_PER_MICRO = 1000;

  private final PrintWriter out;

  CallLog(PrintWriter out) {
    this.out = out;
  }

  void print(String call, CallResult result, long nanos, String answer) {
    out.printf(
        Locale.ROOT, "%-23s  %-13s  %9.1f us  %s%n", call, result, nanos / NANOS_PER_MICRO, answer);
    out.flush();
  }
}
