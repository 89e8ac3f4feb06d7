// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import io.efirts.api.spi.NanoClock;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The contract holds of a ring: a new one, and one that goes round in the middle of the log. */
class LogRingContractTest {
  @Nested
  class NewRing extends KmsgSourceContract {
    @Override
    KmsgSource sourceOf(List<String> lines) {
      LogRing ring = new LogRing(64, 32, NanoClock.SYSTEM);
      lines.forEach(ring::append);
      return ring;
    }
  }

  @Nested
  class FullRing extends KmsgSourceContract {
    private static final int SLOTS = 64;

    /** Forgets what was there before by slots that hold nothing, as a line that failed leaves. */
    @Override
    KmsgSource sourceOf(List<String> lines) {
      LogRing ring = new LogRing(SLOTS, 32, NanoClock.SYSTEM);
      for (int i = 0; i < SLOTS - 3; i++) {
        FailingText.appendTo(ring);
      }
      lines.forEach(ring::append);
      return ring;
    }
  }
}
