// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An idle dispatcher, whatever it was used for before, takes less than 1 % of a processor. */
@Timeout(60)
class IdleTest {
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final int PERIODS = 5;
  private static final long ALLOWED_NANOS = IDLE.toNanos() / 100;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final ScriptedFirmware firmware = new ScriptedFirmware();

  @Test
  void itsThreadsSleep() throws InterruptedException {
    Set<Long> before = running();
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).calls(4).start()) {
      Set<Long> own = running();
      own.removeAll(before);
      assertEquals(2, own.size(), "the worker and the watch");
      everyStyle(dispatcher);
      long least = Long.MAX_VALUE;
      // On a busy machine each of its few wake-ups can be charged with somebody else's time; of a
      // thread that does not sleep every period is the same.
      for (int period = 0; period < PERIODS && least >= ALLOWED_NANOS; period++) {
        least = Math.min(least, usedInOnePeriod(own));
      }
      long used = least;
      assertTrue(used < ALLOWED_NANOS, () -> "processor time: nanos=" + used);
    }
  }

  /** Nothing to wait for: this is the time in which nothing happens. */
  private long usedInOnePeriod(Set<Long> own) throws InterruptedException {
    long start = processorNanos(own);
    assertFalse(new CountDownLatch(1).await(IDLE.toMillis(), TimeUnit.MILLISECONDS));
    return processorNanos(own) - start;
  }

  private void everyStyle(Dispatcher dispatcher) throws InterruptedException {
    EfiTimeHolder time = new EfiTimeHolder();
    RecordedEnds ends = new RecordedEnds();
    PendingCall handled = dispatcher.async().newPendingCall(ends);
    PendingCall polled = dispatcher.asyncAbi().newPendingCall();
    for (int i = 0; i < 2_000; i++) {
      assertTrue(dispatcher.runtimeServices(Duration.ofDays(1)).getTime(time, null).isSuccess());
      assertTrue(dispatcher.async(Duration.ofDays(1)).getTime(handled, time, null));
      assertTrue(ends.await().result().isSuccess());
      assertTrue(dispatcher.asyncAbi().callVendor(polled, 1, 0, 0, 0, 0, 0, 0, 0));
      CallResult direct = dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
      assertTrue(direct.isSuccess() || direct.outcome() == Outcome.BUSY, direct::toString);
      Eventually.isTrue("the call must end", () -> polled.poll() != null);
    }
    // Ended, and never looked at again.
    assertTrue(dispatcher.asyncAbi().callVendor(polled, 1, 0, 0, 0, 0, 0, 0, 0));
  }

  /** The worker and the watch of every dispatcher that is running. */
  private Set<Long> running() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().startsWith("efi-rts"))
        .map(ThreadInfo::getThreadId)
        .collect(Collectors.toSet());
  }

  private long processorNanos(Set<Long> ids) {
    return ids.stream().mapToLong(threads::getThreadCpuTime).sum();
  }
}
