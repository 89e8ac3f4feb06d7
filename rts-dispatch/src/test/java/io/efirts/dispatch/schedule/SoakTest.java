// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.FirmwareProbe;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Everything at once for a long time: callers in all styles, firmware that faults, throws, hangs
 * and is late, workers that run into errors or die of them, callers that are interrupted, re-arming
 * after each, and in the end of every dispatcher a close or an emergency amid all that. As many
 * calls end as were made, and none ends twice (I-27).
 *
 * <p>{@code mvn verify -Psoak}; {@code -Dsoak.seconds}, 60 by default, is how long, {@code
 * -Dsoak.seed} decides what happens.
 */
@Tag("soak")
class SoakTest {
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("soak.seconds", 60));
  private static final Duration ROUND = Duration.ofSeconds(5);
  private static final long SEED = Long.getLong("soak.seed", 1);
  private static final int CALLERS = 6;
  private static final int TAGS = 1 << 20;
  private static final Duration DEADLINE = Duration.ofMillis(3);
  private static final Style[] STYLES = Style.values();

  private final AtomicInteger nextTag = new AtomicInteger();

  @Test
  void asManyCallsEndAsWereMade(TestReporter reporter) throws Exception {
    long start = System.nanoTime();
    for (long round = 0; System.nanoTime() - start < TIME.toNanos(); round++) {
      reporter.publishEntry("round " + round + ", seed " + (SEED + round), round(SEED + round));
    }
  }

  private String round(long seed) throws Exception {
    EntryLog log = new EntryLog(TAGS + TaggedFirmware.FIRST_TAG);
    WorkerKiller killer = new WorkerKiller(seed);
    Duration wedgeLimit = Duration.ofMillis(60);
    Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(new SoakFirmware(log, seed))
            .threads(killer)
            .stepHook(killer)
            .calls(8)
            .bufferBytes(1024)
            .wedgeLimit(RuntimeService.CONVERT_POINTER, wedgeLimit)
            .wedgeLimit(RuntimeService.QUERY_VARIABLE_INFO, wedgeLimit)
            .wedgeLimit(null, wedgeLimit)
            .rearm(
                new RearmPolicy(
                    Integer.MAX_VALUE,
                    Duration.ZERO,
                    FirmwareProbe.READ_ONLY,
                    Duration.ofSeconds(1)))
            .start();
    AtomicBoolean over = new AtomicBoolean();
    List<CallerThread<List<TaggedCall>>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      SplittableRandom random = new SplittableRandom(seed * CALLERS + i);
      callers.add(CallerThread.start(() -> call(dispatcher, random, over)));
    }
    SplittableRandom random = new SplittableRandom(~seed);
    long start = System.nanoTime();
    while (System.nanoTime() - start < ROUND.toNanos()) {
      LockSupport.parkNanos(1_000_000);
      callers.get(random.nextInt(CALLERS)).thread().interrupt();
    }
    awaitOpen(dispatcher);
    if (random.nextBoolean()) {
      dispatcher.beginEmergency(Duration.ofMillis(random.nextInt(20))).end();
    }
    dispatcher.close(Duration.ofMillis(random.nextInt(20)));
    over.set(true);
    long made = 0;
    for (CallerThread<List<TaggedCall>> caller : callers) {
      List<TaggedCall> calls = caller.result();
      calls.forEach(SoakTest::awaitEnd);
      calls.forEach(TaggedCall::checkEnd);
      made += calls.size();
    }
    assertEquals(false, log.haveMetInside(), "nobody may meet inside");
    assertTrue(made > 0, "calls must have been made");
    return made
        + " calls made and ended, answered "
        + (dispatcher.count(Counter.QUEUED_CALLS) + dispatcher.count(Counter.DIRECT_CALLS))
        + ", faults "
        + dispatcher.count(Counter.FAULTS)
        + ", wedges "
        + dispatcher.count(Counter.WEDGES)
        + ", late "
        + dispatcher.count(Counter.LATE_RETURNS)
        + ", worker errors "
        + dispatcher.count(Counter.WORKER_ERRORS)
        + ", dead workers "
        + killer.deaths()
        + ", re-armed "
        + dispatcher.count(Counter.REARMS)
        + " and not "
        + dispatcher.count(Counter.REARM_FAILURES);
  }

  /** Calls in all ways until the round is over; interrupts are forgotten after each call. */
  private List<TaggedCall> call(
      Dispatcher dispatcher, SplittableRandom random, AtomicBoolean over) {
    List<TaggedCall> calls = new ArrayList<>();
    while (!over.get()) {
      int tag = TaggedFirmware.FIRST_TAG + nextTag.getAndIncrement() % TAGS;
      Style style = STYLES[random.nextInt(STYLES.length)];
      Duration timeout = random.nextInt(3) == 0 ? DEADLINE : null;
      TaggedCall call = new TaggedCall(tag, style, timeout, random.nextInt(8) == 0);
      calls.add(call);
      call.make(dispatcher, where -> Thread.onSpinWait());
      boolean refused = call.hasEnded() && !call.result().firmwareEntered();
      if (refused) {
        // Whoever is refused at once would only burn the machine, and fill the list.
        LockSupport.parkNanos(50_000);
      }
      Thread.interrupted();
    }
    return calls;
  }

  /** Whatever befell the services, they are armed again, also if that failed once. */
  private static void awaitOpen(Dispatcher dispatcher) {
    long start = System.nanoTime();
    while (dispatcher.mode() != DispatcherMode.OPEN) {
      assertTrue(
          System.nanoTime() - start < Patience.LIMIT.toNanos(),
          () -> "services must be armed again: mode=" + dispatcher.mode());
      LockSupport.parkNanos(100_000);
    }
  }

  private static void awaitEnd(TaggedCall call) {
    long start = System.nanoTime();
    while (!call.hasEnded()) {
      assertTrue(System.nanoTime() - start < Patience.LIMIT.toNanos(), () -> call + " must end");
      LockSupport.parkNanos(100_000);
    }
  }
}
