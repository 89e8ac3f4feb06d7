// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many schedules are cheap enough to be part of every build. */
@Timeout(60)
class LockstepSpeedTest {
  @Test
  void eightThousandSchedulesTakeSeconds() {
    long startNs = System.nanoTime();
    long[] turns = new long[1];
    Lockstep.runAll(
        1,
        8_000,
        scheduler -> {
          for (int i = 0; i < 3; i++) {
            scheduler.actor(
                "actor " + i,
                () -> {
                  for (int j = 0; j < 6; j++) {
                    turns[0]++;
                    scheduler.yield();
                  }
                  turns[0]++;
                });
          }
        });
    Duration time = Duration.ofNanos(System.nanoTime() - startNs);
    assertTrue(turns[0] == 8_000 * 21, () -> "turns=" + turns[0]);
    assertTrue(time.compareTo(Duration.ofSeconds(30)) < 0, () -> "time=" + time);
  }
}
