// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import java.util.function.BooleanSupplier;

/** One actor of a schedule: touched by its own thread during its turn, else by the scheduler. */
final class Actor {
  private final String name;
  private final LockstepTask task;

  /** Null before the first turn. */
  private ActorThread thread;

  private String place = "start";
  private BooleanSupplier condition = () -> true;
  private Throwable failure;
  private boolean ended;

  Actor(String name, LockstepTask task) {
    this.name = name;
    this.task = task;
  }

  String name() {
    return name;
  }

  /** Where it stands. */
  String place() {
    return place;
  }

  ActorThread thread() {
    return thread;
  }

  boolean started() {
    return thread != null;
  }

  boolean ended() {
    return ended;
  }

  /** What it threw, or null. */
  Throwable failure() {
    return failure;
  }

  boolean runnable() {
    return !ended && condition.getAsBoolean();
  }

  /** Gives it the thread that it runs on until it ends. */
  void start(ActorThread on, Turnstile schedulersTurn) {
    thread = on;
    on.assign(this, schedulersTurn);
  }

  void stopAt(String where, BooleanSupplier until) {
    place = where;
    condition = until;
  }

  /** Runs the task to its end, on the actor's thread. */
  void perform() {
    try {
      task.run();
    } catch (ScheduleEnded e) {
      // Thrown by the scheduler itself to end an actor that cannot come to its own end.
      place = "given up";
    } catch (Throwable e) {
      failure = e;
    }
    ended = true;
  }
}
