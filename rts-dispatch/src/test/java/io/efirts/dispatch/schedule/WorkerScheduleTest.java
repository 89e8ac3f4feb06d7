// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.testkit.Patience;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * 100 schedules of every ending with a worker and a watch of their own, and the same checks as
 * {@link InvokerScheduleTest}; besides, no thread is left behind. The seed decides what happens,
 * the operating system when, so a failure need not come again with its seed.
 *
 * <p>Run again with {@code -Dschedule.seed}, the first seed, and {@code -Dschedule.threads.count},
 * how many.
 */
class WorkerScheduleTest {
  private static final long FIRST_SEED = Long.getLong("schedule.seed", 1);
  private static final int COUNT = Integer.getInteger("schedule.threads.count", 100);

  @ParameterizedTest
  @EnumSource
  @Timeout(300)
  void everyCallEndsOnce(Ending ending) throws Exception {
    Set<Thread> before = watches();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed++) {
      try {
        play(seed, ending);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("schedule failed: seed=" + seed + ": " + e, e);
      }
    }
    assertEquals(Set.of(), leftOver(before));
  }

  private static void play(long seed, Ending ending) throws InterruptedException {
    ThreadStage stage = new ThreadStage(seed);
    Scene scene = new Scene(stage, ending);
    scene.play();
    stage.awaitActors();
    scene.check();
    stage.awaitWorkers();
  }

  private static Set<Thread> watches() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("efi-rts-watch"))
        .collect(Collectors.toSet());
  }

  /** Threads of closed dispatchers that do not end. */
  private static Set<Thread> leftOver(Set<Thread> before) throws InterruptedException {
    Set<Thread> left = watches();
    left.removeAll(before);
    for (Thread thread : left) {
      thread.join(Patience.LIMIT);
    }
    left.removeIf(thread -> !thread.isAlive());
    return left;
  }
}
