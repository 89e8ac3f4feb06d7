// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import io.efirts.testkit.Patience;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Runs actors one at a time, in an order that a seed decides, so that a test meets many
 * interleavings and can meet each one again. A schedule of 20 turns takes well under a millisecond.
 *
 * <p>Every actor has a platform thread of its own, used again by later schedules, so what it leaves
 * in a thread-local outlives it. The scheduler runs on the test's thread. An instance keeps the
 * threads and is used by one thread; the static methods need none.
 */
public final class Lockstep implements AutoCloseable {
  private final Deque<ActorThread> idle = new ArrayDeque<>();

  /** A scheduler without threads; they come with the first actors. */
  public Lockstep() {}

  /**
   * Runs one schedule.
   *
   * @param seed decides the order
   * @param script sets up objects and actors
   * @return the order that was taken
   * @throws ScheduleFailure see {@link #schedule}
   */
  public static Schedule run(long seed, LockstepScript script) {
    try (Lockstep lockstep = new Lockstep()) {
      return lockstep.schedule(seed, script);
    }
  }

  /**
   * Runs a script once under each of a row of seeds.
   *
   * @param firstSeed the first seed; the others follow it
   * @param schedules how many
   * @param script sets up objects and actors, anew every time
   * @throws ScheduleFailure see {@link #schedule}; those behind it are not run
   */
  public static void runAll(long firstSeed, int schedules, LockstepScript script) {
    try (Lockstep lockstep = new Lockstep()) {
      for (int i = 0; i < schedules; i++) {
        lockstep.schedule(firstSeed + i, script);
      }
    }
  }

  /**
   * Runs one schedule on threads that are kept for the next one. Returns when every actor has
   * ended.
   *
   * @param seed decides the order
   * @param script sets up objects and actors
   * @return the order that was taken
   * @throws ScheduleFailure with seed and order if an actor, a condition, an invariant or a final
   *     check throws or fails; if every actor that is left waits for a condition; if an actor keeps
   *     the baton longer than {@link Patience#LIMIT}, with its stack as the cause; if there is no
   *     end after {@link LockstepScheduler#MAXIMUM_TURNS}; or if the current thread is interrupted
   */
  public Schedule schedule(long seed, LockstepScript script) {
    return schedule(seed, script, Patience.LIMIT);
  }

  /** The same with another patience with actors that keep the baton. */
  Schedule schedule(long seed, LockstepScript script, Duration patience) {
    Objects.requireNonNull(script, "script");
    LockstepScheduler scheduler = new LockstepScheduler(seed, idle, patience);
    return scheduler.run(script);
  }

  /** Ends the threads. One that is stuck in an actor is left behind; it is a daemon. */
  @Override
  public void close() {
    idle.forEach(ActorThread::end);
    idle.clear();
  }
}
