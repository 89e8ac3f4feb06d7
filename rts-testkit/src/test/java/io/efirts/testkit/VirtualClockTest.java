// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock stands still, advances exactly, and wraps as the system's may. */
@Timeout(60)
class VirtualClockTest {
  @Test
  void standsStillUntilAdvanced() {
    VirtualClock clock = new VirtualClock(-5);
    assertEquals(-5, clock.nanoTime());
    assertEquals(-5, clock.nanoTime());
    clock.advance(Duration.ofNanos(7));
    assertEquals(2, clock.nanoTime());
    clock.advance(Duration.ZERO);
    assertEquals(2, clock.nanoTime());
    clock.advance(Duration.ofSeconds(3));
    assertEquals(3_000_000_002L, clock.nanoTime());
  }

  @Test
  void wrapsWithTheDifferenceRight() {
    VirtualClock clock = new VirtualClock(Long.MAX_VALUE);
    long before = clock.nanoTime();
    clock.advance(Duration.ofNanos(1));
    assertEquals(Long.MIN_VALUE, clock.nanoTime());
    clock.advance(Duration.ofNanos(9));
    assertEquals(10, clock.nanoTime() - before);
  }

  @Test
  void startsWhereWrongComparisonsShow() {
    VirtualClock clock = new VirtualClock();
    long before = clock.nanoTime();
    clock.advance(Duration.ofSeconds(2));
    assertTrue(clock.nanoTime() < before, "two seconds are enough to wrap");
    assertEquals(2_000_000_000L, clock.nanoTime() - before);
  }

  @Test
  void neverGoesBack() {
    VirtualClock clock = new VirtualClock(100);
    assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofNanos(-1)));
    Duration tooLong = Duration.ofNanos(Long.MAX_VALUE).plusNanos(1);
    assertEquals(
        "time must be 0 to 2^63-1 nanoseconds, a clock never goes back: time=" + tooLong,
        assertThrows(IllegalArgumentException.class, () -> clock.advance(tooLong)).getMessage());
    assertEquals(100, clock.nanoTime());
    clock.advance(Duration.ofNanos(Long.MAX_VALUE));
    assertEquals(Long.MAX_VALUE, clock.nanoTime() - 100);
  }

  @Test
  void noAdvanceIsLostBetweenThreads() throws InterruptedException {
    VirtualClock clock = new VirtualClock();
    long before = clock.nanoTime();
    List<CallerThread<Boolean>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          CallerThread.start(
              () -> {
                boolean forward = true;
                for (int j = 0; j < 10_000; j++) {
                  long seen = clock.nanoTime();
                  clock.advance(Duration.ofNanos(3));
                  forward &= clock.nanoTime() - seen >= 3;
                }
                return forward;
              }));
    }
    for (CallerThread<Boolean> thread : threads) {
      assertTrue(thread.result());
    }
    assertEquals(4 * 10_000 * 3, clock.nanoTime() - before);
  }
}
