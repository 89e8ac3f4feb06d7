// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import java.util.concurrent.locks.LockSupport;

/**
 * A daemon thread that is one actor after another. It stands still while it has not the baton, and
 * keeps what comes meanwhile: an interruption takes effect when it goes on, and is seen by {@link
 * #isInterrupted()} at once, so that conditions do not depend on when the thread wakes up.
 */
final class ActorThread extends Thread {
  private final Turnstile turn = new Turnstile();
  private final Object interruption = new Object();

  /** Written by the scheduler while the thread stands still. */
  private Actor actor;

  private Turnstile baton;

  /** Both guarded by {@link #interruption}. */
  private boolean standing;

  private boolean interruptedStanding;

  ActorThread() {
    setDaemon(true);
  }

  /** Gives it an actor to be from its next turn on, and the scheduler's turnstile. */
  void assign(Actor next, Turnstile schedulersTurn) {
    actor = next;
    baton = schedulersTurn;
  }

  /** Gives it the baton. */
  void goOn() {
    turn.open();
  }

  /** Gives it the baton for the last time: it ends. */
  void end() {
    actor = null;
    turn.open();
  }

  @Override
  public void run() {
    standStill(null);
    while (actor != null) {
      setName(actor.name());
      actor.perform();
      forgetWakeUps();
      standStill(baton);
    }
  }

  /** On this thread: gives the baton away and waits to get it again. */
  void handOver() {
    standStill(baton);
  }

  private void standStill(Turnstile next) {
    synchronized (interruption) {
      interruptedStanding = Thread.interrupted();
      standing = true;
    }
    if (next != null) {
      next.open();
    }
    try {
      turn.pass();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interruptions must be kept while standing still", e);
    }
    synchronized (interruption) {
      standing = false;
      if (interruptedStanding) {
        interruptedStanding = false;
        super.interrupt();
      }
    }
  }

  @Override
  public void interrupt() {
    synchronized (interruption) {
      if (standing) {
        interruptedStanding = true;
      } else {
        super.interrupt();
      }
    }
  }

  @Override
  public boolean isInterrupted() {
    synchronized (interruption) {
      return interruptedStanding || super.isInterrupted();
    }
  }

  /**
   * Leaves neither an interruption nor a permit to the next actor. Interrupting makes the permit
   * available, so the park returns at once.
   */
  private static void forgetWakeUps() {
    Thread.currentThread().interrupt();
    LockSupport.park();
    Thread.interrupted();
  }
}
