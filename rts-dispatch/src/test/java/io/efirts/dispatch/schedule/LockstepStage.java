// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.lockstep.LockstepScheduler;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A stage without concurrency: actors run one at a time, in an order that the seed alone decides,
 * and give the baton away wherever the dispatcher makes a step, looks at its clock or waits by it.
 */
final class LockstepStage implements Stage, NanoClock {
  private static final int STALLS_ONE_IN = 16;
  private static final int LONGEST_STALL = 150;
  private static final int CLOCK_STOPS_ONE_IN = 4;
  private static final int MOST_NUDGES = 60;
  private static final Duration[] TICKS = {
    Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofMillis(400)
  };

  private final LockstepScheduler scheduler;
  private final VirtualClock time = new VirtualClock();
  private final Thread test = Thread.currentThread();
  private Thread maker;
  private long moves;
  private int nudges;
  private long movesAtNudge = -1;

  LockstepStage(LockstepScheduler scheduler) {
    this.scheduler = scheduler;
    scheduler.atStandstill(this::nudge);
  }

  @Override
  public void configure(DispatcherBuilder builder) {
    builder.invoker().clock(this);
  }

  @Override
  public boolean pumps() {
    return true;
  }

  @Override
  public NanoClock clock() {
    return this;
  }

  /** Looking at the clock is a place to be stopped at like any other. */
  @Override
  public long nanoTime() {
    if (Thread.currentThread() != test && scheduler.choose(CLOCK_STOPS_ONE_IN) == 0) {
      standStill("clock");
    }
    return time.nanoTime();
  }

  /** On the test's own thread nobody else is left to wait for. */
  @Override
  public void parkNanos(Object blocker, long nanos) {
    if (nanos > 0 && Thread.currentThread() != test) {
      long seen = moves;
      Thread parked = Thread.currentThread();
      scheduler.awaitUntil("parked", () -> moves != seen || parked.isInterrupted());
    }
  }

  @Override
  public int choose(int bound) {
    return scheduler.choose(bound);
  }

  @Override
  public void actor(String name, Runnable task) {
    scheduler.actor(name, task::run);
  }

  @Override
  public void until(String what, BooleanSupplier condition) {
    if (Thread.currentThread() != test) {
      scheduler.awaitUntil(what, condition);
    }
  }

  /** Time passes here wherever somebody waits and nobody can go on. */
  @Override
  public void untilInTime(String what, BooleanSupplier condition) {
    until(what, condition);
  }

  @Override
  public void pass(String where) {
    scheduler.yield(where);
  }

  /**
   * In an order that is random turn by turn nobody ever falls far behind, hence the long stalls.
   */
  @Override
  public void standStill(String where) {
    if (Thread.currentThread() == test) {
      return;
    }
    if (scheduler.choose(STALLS_ONE_IN) == 0) {
      long until = moves + scheduler.choose(LONGEST_STALL);
      int nudge = nudges;
      scheduler.awaitUntil(where + ", stalled", () -> moves >= until || nudges != nudge);
    } else {
      scheduler.yield(where);
    }
  }

  @Override
  public void pause(String where) {
    long seen = moves;
    scheduler.awaitUntil(where, () -> moves != seen);
  }

  @Override
  public void moved() {
    moves++;
  }

  @Override
  public void advance(Duration step) {
    time.advance(step);
    moved();
  }

  @Override
  public boolean isMaker() {
    return Thread.currentThread() == maker;
  }

  @Override
  public void becomeMaker() {
    maker = maker == null ? Thread.currentThread() : maker;
  }

  /**
   * Nobody can go on: lets those go on who only stand still, else lets time pass. Not for ever,
   * which would hide that somebody was forgotten.
   */
  private boolean nudge() {
    nudges++;
    if (movesAtNudge == moves) {
      advance(TICKS[choose(TICKS.length)]);
    }
    movesAtNudge = moves;
    return nudges < MOST_NUDGES;
  }
}
