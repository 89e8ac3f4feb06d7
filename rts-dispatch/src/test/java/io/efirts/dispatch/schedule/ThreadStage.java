// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.testkit.Patience;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A stage of threads: actors, worker and watch run as the operating system lets them, held up at
 * random by counts of the others' steps. The clock stands still unless somebody moves it.
 */
final class ThreadStage implements Stage {
  private static final int STALLS_ONE_IN = 8;
  private static final int LONGEST_STALL = 40;
  private static final long LOOK_NANOS = 20_000;
  private static final Duration LOOK = Duration.ofMillis(100);

  /** So long without any step: then nobody is about to make one. */
  private static final long STANDSTILL_NANOS = 200_000;

  private static final Duration[] TICKS = {
    Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofMillis(400)
  };

  private final Random random;
  private final VirtualClock clock = new VirtualClock();
  private final AtomicLong moves = new AtomicLong();
  private final List<Thread> actors = new CopyOnWriteArrayList<>();
  private final List<Thread> workers = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  ThreadStage(long seed) {
    random = new Random(seed);
  }

  @Override
  public void configure(DispatcherBuilder builder) {
    builder.clock(clock).threads(this::newWorker);
  }

  private Thread newWorker(Runnable work) {
    return Thread.ofPlatform()
        .name("schedule-worker-" + workers.size())
        .daemon(true)
        // An error that ends a worker is meant to; what must not happen is checked elsewhere.
        .uncaughtExceptionHandler((thread, thrown) -> moved())
        .unstarted(
            () -> {
              workers.add(Thread.currentThread());
              work.run();
            });
  }

  @Override
  public boolean pumps() {
    return false;
  }

  @Override
  public NanoClock clock() {
    return clock;
  }

  @Override
  public int choose(int bound) {
    return random.nextInt(bound);
  }

  @Override
  public void actor(String name, Runnable task) {
    Thread thread =
        Thread.ofPlatform()
            .name(name)
            .daemon(true)
            .uncaughtExceptionHandler((failed, thrown) -> failures.add(thrown))
            .unstarted(task);
    actors.add(thread);
    thread.start();
  }

  @Override
  public void until(String what, BooleanSupplier condition) {
    until(what, condition, false);
  }

  @Override
  public void untilInTime(String what, BooleanSupplier condition) {
    until(what, condition, true);
  }

  private void until(String what, BooleanSupplier condition, boolean timePasses) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (!awaitMoves(1) && timePasses) {
        advance(TICKS[choose(TICKS.length)]);
      }
      if (System.nanoTime() - start > Patience.LIMIT.toNanos()) {
        throw new AssertionError("must happen within " + Patience.LIMIT + ": " + what);
      }
    }
  }

  @Override
  public void pass(String where) {
    awaitMoves(1);
  }

  @Override
  public void standStill(String where) {
    if (choose(STALLS_ONE_IN) == 0) {
      awaitMoves(choose(LONGEST_STALL));
    }
  }

  /** Waits for other threads' steps; false if there were none for a while. */
  private boolean awaitMoves(int count) {
    long until = moves.get() + count;
    long seen = moves.get();
    long since = System.nanoTime();
    while (seen < until) {
      // Yields and does not park: that would use up permits of the code under test.
      Thread.yield();
      long now = System.nanoTime();
      if (moves.get() != seen) {
        seen = moves.get();
        since = now;
      } else if (now - since > STANDSTILL_NANOS) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void pause(String where) {
    LockSupport.parkNanos(this, LOOK_NANOS);
  }

  @Override
  public void moved() {
    moves.getAndIncrement();
  }

  @Override
  public void advance(Duration time) {
    clock.advance(time);
  }

  @Override
  public boolean isMaker() {
    return !workers.isEmpty() && workers.getFirst() == Thread.currentThread();
  }

  @Override
  public void becomeMaker() {
    throw new IllegalStateException("a stage with threads has its own worker: pumps=false");
  }

  /** The first worker's thread has ended. */
  boolean makerIsDead() {
    return !workers.isEmpty() && !workers.getFirst().isAlive();
  }

  /** Waits for every actor, also those that actors added. */
  void awaitActors() throws InterruptedException {
    for (Thread actor : actors) {
      awaitEnd(actor);
    }
    throwFailures();
  }

  /** No worker is left once the dispatcher is closed and everybody came out of the firmware. */
  void awaitWorkers() throws InterruptedException {
    for (Thread worker : workers) {
      awaitEnd(worker);
    }
  }

  private void awaitEnd(Thread thread) throws InterruptedException {
    long start = System.nanoTime();
    while (!thread.join(LOOK)) {
      throwFailures();
      if (System.nanoTime() - start > Patience.LIMIT.toNanos()) {
        AssertionError failure = new AssertionError("thread must end: thread=" + thread.getName());
        failure.setStackTrace(thread.getStackTrace());
        throw failure;
      }
    }
  }

  /** One actor that fails may keep the others from ending. */
  private void throwFailures() {
    if (!failures.isEmpty()) {
      AssertionError failure =
          new AssertionError("an actor failed: " + failures.getFirst(), failures.getFirst());
      failures.stream().skip(1).forEach(failure::addSuppressed);
      throw failure;
    }
  }
}
