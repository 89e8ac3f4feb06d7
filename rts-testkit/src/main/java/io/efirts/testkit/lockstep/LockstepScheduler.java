// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import io.efirts.api.spi.StepHook;
import io.efirts.testkit.step.StorageHook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * One schedule: takes the actors from the script, is what they yield to, and lets them run one at a
 * time. Only the actor that has the baton runs, so actors and conditions share plain objects
 * without further care.
 *
 * <p>An actor must not wait for another one by itself, in a lock, a park or a sleep: it keeps the
 * baton, and the other one never comes. It says so with {@link #awaitUntil} instead. Firmware that
 * hangs is an actor that awaits its release inside the firmware.
 */
public final class LockstepScheduler {
  /** A schedule with more turns than this is taken for one without an end. */
  public static final int MAXIMUM_TURNS = 100_000;

  private static final BooleanSupplier ALWAYS = () -> true;

  private final long seed;
  private final SplittableRandom order;
  private final SplittableRandom choices;

  /** Where the scheduler waits for the baton; not shared with another schedule's stuck actors. */
  private final Turnstile turn = new Turnstile();

  private final Deque<ActorThread> idle;
  private final Duration patience;
  private final List<Actor> actors = new ArrayList<>();
  private final List<Actor> runnable = new ArrayList<>();
  private final List<Invariant> invariants = new ArrayList<>();
  private final List<LockstepTask> finalChecks = new ArrayList<>();
  private final List<Turn> turns = new ArrayList<>();
  private BooleanSupplier standstill = () -> false;
  private volatile Actor running;
  private volatile boolean givenUp;

  LockstepScheduler(long seed, Deque<ActorThread> idle, Duration patience) {
    this.seed = seed;
    this.order = new SplittableRandom(seed);
    this.choices = order.split();
    this.idle = idle;
    this.patience = patience;
  }

  /**
   * Adds an actor. Called by the script, or by an actor during its turn.
   *
   * @param name names the actor in the schedule, and its thread
   * @param task what it does; whatever it throws fails the schedule
   */
  public void actor(String name, LockstepTask task) {
    actors.add(
        new Actor(Objects.requireNonNull(name, "name"), Objects.requireNonNull(task, "task")));
  }

  /**
   * Adds what must hold after every turn.
   *
   * @param what says in a failure what was broken
   * @param holds checked on the test's thread while no actor runs
   */
  public void invariant(String what, BooleanSupplier holds) {
    invariants.add(
        new Invariant(
            Objects.requireNonNull(what, "what"), Objects.requireNonNull(holds, "holds")));
  }

  /**
   * Adds a check for when every actor has ended; its failure tells the schedule.
   *
   * @param check runs on the test's thread, after those added before it
   */
  public void atEnd(LockstepTask check) {
    finalChecks.add(Objects.requireNonNull(check, "check"));
  }

  /**
   * Says what happens when nobody can go on, before that counts as a failure: time passes, say.
   *
   * @param relief changes what actors wait for and returns true, or returns false when it cannot;
   *     called on the test's thread while no actor runs
   */
  public void atStandstill(BooleanSupplier relief) {
    standstill = Objects.requireNonNull(relief, "relief");
  }

  /**
   * A number that the seed decides: for scripts and actors that choose what they do. Called by the
   * script, or by an actor during its turn.
   *
   * @param bound one more than the greatest number, at least 1
   * @return 0 to {@code bound} - 1
   */
  public int choose(int bound) {
    return choices.nextInt(bound);
  }

  /** Hands the baton back: any actor that can go on may be next, this one too. */
  public void yield() {
    awaitUntil("", ALWAYS);
  }

  /**
   * Hands the baton back, as {@link #yield()} does.
   *
   * @param place names in the schedule where the actor stood
   * @throws IllegalStateException if the current thread is not the actor whose turn it is
   */
  public void yield(String place) {
    awaitUntil(place, ALWAYS);
  }

  /**
   * Hands the baton back until a condition holds.
   *
   * @param condition checked after every turn, on the test's thread while no actor runs; must have
   *     no effect
   */
  public void awaitUntil(BooleanSupplier condition) {
    awaitUntil("", condition);
  }

  /**
   * Hands the baton back until a condition holds.
   *
   * @param what names what it waits for, in the schedule and when nobody can go on
   * @param condition checked after every turn, on the test's thread while no actor runs; must have
   *     no effect
   * @throws IllegalStateException if the current thread is not the actor whose turn it is
   */
  public void awaitUntil(String what, BooleanSupplier condition) {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(condition, "condition");
    Actor actor = current();
    if (actor == null) {
      throw new IllegalStateException(
          "only the actor whose turn it is can yield: thread=" + Thread.currentThread().getName());
    }
    if (!givenUp) {
      actor.stopAt(what, condition);
      actor.thread().handOver();
    }
    if (givenUp) {
      throw new ScheduleEnded();
    }
  }

  /**
   * A hook that yields at every step an actor makes, named after the step: gate and call interleave
   * between any two of their state changes. Other threads' steps pass.
   *
   * @return a new hook
   */
  public StepHook yieldAtSteps() {
    return this::yieldAt;
  }

  /**
   * A hook that yields before and after every operation an actor makes on a store, as {@link
   * #yieldAtSteps()} does for gate and call.
   *
   * @return a new hook
   */
  public StorageHook yieldAtStorageSteps() {
    return this::yieldAt;
  }

  private void yieldAt(Enum<?> step) {
    if (current() != null) {
      awaitUntil(step.name(), ALWAYS);
    }
  }

  private Actor current() {
    Actor actor = running;
    return actor != null && actor.thread() == Thread.currentThread() ? actor : null;
  }

  /** Runs the whole schedule on the test's thread. */
  Schedule run(LockstepScript script) {
    try {
      script.prepare(this);
      while (takeTurn()) {
        checkInvariants();
      }
      for (LockstepTask check : finalChecks) {
        check.run();
      }
      return new Schedule(seed, turns);
    } catch (ScheduleFailure e) {
      throw givenUp(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw givenUp(failure("the test was interrupted", e));
    } catch (Throwable e) {
      throw givenUp(failure(e.toString(), e));
    }
  }

  private ScheduleFailure failure(String what, Throwable cause) {
    return new ScheduleFailure(what, new Schedule(seed, turns), cause);
  }

  /** Lets one actor run; false if all have ended. */
  private boolean takeTurn() throws InterruptedException {
    while (!findRunnable()) {
      if (actors.stream().allMatch(Actor::ended)) {
        return false;
      }
      if (!standstill.getAsBoolean()) {
        throw failure("nobody can go on: " + waiting(), null);
      }
    }
    if (turns.size() == MAXIMUM_TURNS) {
      throw failure("no end after " + MAXIMUM_TURNS + " turns: " + waiting(), null);
    }
    Actor next = runnable.get(order.nextInt(runnable.size()));
    turns.add(new Turn(next.name(), next.place()));
    if (!next.started()) {
      next.start(thread(), turn);
    }
    resume(next);
    if (next.failure() != null) {
      throw failure(next.name() + " threw " + next.failure(), next.failure());
    }
    return true;
  }

  private boolean findRunnable() {
    runnable.clear();
    for (Actor actor : actors) {
      if (actor.runnable()) {
        runnable.add(actor);
      }
    }
    return !runnable.isEmpty();
  }

  /** Gives an actor the baton and waits for it to come back. */
  private void resume(Actor actor) throws InterruptedException {
    running = actor;
    actor.thread().goOn();
    if (!turn.pass(patience.toNanos())) {
      Exception stack = new Exception("where " + actor.name() + " is");
      stack.setStackTrace(actor.thread().getStackTrace());
      throw failure(actor.name() + " must hand back the baton within " + patience, stack);
    }
    running = null;
    if (actor.ended()) {
      idle.push(actor.thread());
    }
  }

  /**
   * Ends the actors that are left, one after the other, unless one of them is still running: they
   * must not run beside it, and stay behind.
   */
  private ScheduleFailure givenUp(ScheduleFailure failure) {
    givenUp = true;
    for (int i = 0; i < actors.size() && running == null; i++) {
      Actor actor = actors.get(i);
      if (actor.started() && !actor.ended()) {
        endGivenUp(actor, failure);
      }
    }
    return failure;
  }

  private void endGivenUp(Actor actor, ScheduleFailure failure) {
    try {
      resume(actor);
      if (actor.failure() != null) {
        failure.addSuppressed(actor.failure());
      }
    } catch (ScheduleFailure stuck) {
      failure.addSuppressed(stuck);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ActorThread thread() {
    ActorThread thread = idle.poll();
    if (thread == null) {
      thread = new ActorThread();
      thread.start();
    }
    return thread;
  }

  private void checkInvariants() {
    for (Invariant invariant : invariants) {
      if (!invariant.holds.getAsBoolean()) {
        throw failure("invariant must hold: " + invariant.what, null);
      }
    }
  }

  private List<String> waiting() {
    return actors.stream()
        .filter(actor -> !actor.ended())
        .map(actor -> actor.name() + " at \"" + actor.place() + "\"")
        .toList();
  }

  private record Invariant(String what, BooleanSupplier holds) {}
}
