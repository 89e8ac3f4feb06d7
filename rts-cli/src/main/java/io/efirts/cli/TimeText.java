// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.time.Instant;

/** Time stamps as people read them. */
final class TimeText {
  private TimeText() {}

  /** UTC in ISO 8601; the number itself where no calendar goes. */
  static String utc(long seconds) {
    return seconds <= Instant.MAX.getEpochSecond()
        ? Instant.ofEpochSecond(seconds).toString()
        : "@" + seconds;
  }
}
