// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import io.efirts.dispatch.mode.DispatcherMode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Who may be in the firmware, and whether anybody may.
 *
 * <p>Any thread may call any method. None allocates, locks, parks or waits for another thread; each
 * is lock-free: it repeats a step only because another thread's step succeeded. A successful
 * acquisition happens after everything that preceded the previous release.
 *
 * <p>The word is read with volatile and changed with compare-and-set semantics throughout: an
 * acquisition must see what the previous owner wrote (acquire), a release must publish what this
 * one wrote (release), and a publisher's fence pairs with the mode change of a close (full order).
 *
 * <p>Longer than most files because every transition of the word stands here and nowhere else.
 */
public final class FirmwareGate extends GatePadding.BehindLatch {
  /** Returned instead of a token when the gate was not acquired. */
  public static final long NOT_ACQUIRED = 0;

  private static final VarHandle WORD;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(GatePadding.Word.class, "word", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final StepHook steps;

  /** A free gate in mode OPEN. */
  public FirmwareGate() {
    this(null);
  }

  /**
   * A free gate in mode OPEN that tells a test of its steps.
   *
   * @param steps told of every change, or null
   */
  public FirmwareGate(StepHook steps) {
    this.steps = steps;
    word = GateWord.initial(DispatcherMode.OPEN);
  }

  /**
   * Acquires the gate for a non-blocking call.
   *
   * @param target what will be called, see {@link GateTarget}
   * @return the token of this acquisition, phase HELD; {@link #NOT_ACQUIRED} if the gate is taken,
   *     somebody is waiting for it, or the mode is not OPEN
   */
  public long tryAcquire(int target) {
    while (true) {
      long seen = word();
      if (!GateWord.free(seen)
          || GateWord.waiter(seen)
          || GateWord.resetWaiter(seen)
          || !GateWord.mode(seen).acceptsCalls()) {
        return NOT_ACQUIRED;
      }
      long next = GateWord.acquired(seen, GateOwner.BYPASS, target, GatePhase.HELD);
      if (change(seen, next, Step.GATE_HELD)) {
        return GateWord.token(next);
      }
    }
  }

  /**
   * Acquires the gate for the worker and enters the firmware in one step, since the worker has
   * nothing to do in between. If the gate is taken, announces the worker as the waiter: no
   * non-blocking call can acquire before it, so back-to-back ones delay it by one hold at most.
   *
   * @param target what will be called
   * @return the token of this acquisition, phase ENTERED; {@link #NOT_ACQUIRED} if the gate is
   *     taken, a reset comes first, or the mode forbids calls
   */
  public long tryAcquireAsWorker(int target) {
    while (true) {
      long seen = word();
      if (!GateWord.mode(seen).makesCalls()) {
        return NOT_ACQUIRED;
      }
      if (GateWord.free(seen) && !GateWord.resetWaiter(seen)) {
        long next = GateWord.acquired(seen, GateOwner.WORKER, target, GatePhase.ENTERED);
        if (change(seen, next, Step.GATE_ENTERED)) {
          return GateWord.token(next);
        }
      } else if (GateWord.waiter(seen)
          || change(seen, GateWord.withWaiter(seen), Step.GATE_AWAITED)) {
        return NOT_ACQUIRED;
      }
    }
  }

  /**
   * Acquires the gate for a reset. If it is taken, announces the reset: nobody acquires before it.
   *
   * @param target what will be called
   * @return the token of this acquisition, phase HELD; {@link #NOT_ACQUIRED} if the gate is taken
   *     or the mode forbids calls
   */
  public long tryAcquireForReset(int target) {
    while (true) {
      long seen = word();
      if (!GateWord.mode(seen).makesCalls()) {
        return NOT_ACQUIRED;
      }
      if (GateWord.free(seen)) {
        long next = GateWord.acquired(seen, GateOwner.RESET, target, GatePhase.HELD);
        if (change(seen, next, Step.GATE_HELD)) {
          return GateWord.token(next);
        }
      } else if (GateWord.resetWaiter(seen)
          || change(seen, GateWord.withResetWaiter(seen), Step.GATE_AWAITED)) {
        return NOT_ACQUIRED;
      }
    }
  }

  /**
   * Takes the worker's announcement back, when it gives up waiting: left behind, it would keep
   * every non-blocking call out.
   */
  public void withdrawWaiter() {
    while (true) {
      long seen = word();
      if (!GateWord.waiter(seen) || WORD.compareAndSet(this, seen, GateWord.withoutWaiter(seen))) {
        return;
      }
    }
  }

  /** Takes a reset's announcement back, when it gives up waiting. */
  public void withdrawResetWaiter() {
    while (true) {
      long seen = word();
      if (!GateWord.resetWaiter(seen)
          || WORD.compareAndSet(this, seen, GateWord.withoutResetWaiter(seen))) {
        return;
      }
    }
  }

  /**
   * Enters the firmware: HELD to ENTERED.
   *
   * @param token what acquiring returned
   * @return false if this owner was fenced, or the services were disabled or closed, meanwhile;
   *     then the firmware must not be entered
   */
  public boolean enter(long token) {
    while (true) {
      long seen = word();
      if (GateWord.token(seen) != token
          || GateWord.phase(seen) != GatePhase.HELD
          || !mayEnter(seen)) {
        return false;
      }
      if (change(seen, GateWord.withPhase(seen, GatePhase.ENTERED), Step.GATE_ENTERED)) {
        return true;
      }
    }
  }

  /** A seizing owner enters in any mode; whom the mode forbids calls was kept from acquiring. */
  private static boolean mayEnter(long seen) {
    return GateWord.mode(seen).makesCalls()
        || GateWord.owner(seen) == GateOwner.EMERGENCY
        || GateWord.owner(seen) == GateOwner.RESET
            && GateWord.damaged(seen)
            && GateWord.mode(seen) == DispatcherMode.DISABLED;
  }

  /**
   * Leaves the firmware but keeps the gate: ENTERED to HELD, so that two calls can be made as one.
   *
   * @param token what acquiring returned
   * @return false if this owner was fenced meanwhile
   */
  public boolean exit(long token) {
    while (true) {
      long seen = word();
      if (GateWord.token(seen) != token || GateWord.phase(seen) != GatePhase.ENTERED) {
        return false;
      }
      if (change(seen, GateWord.withPhase(seen, GatePhase.HELD), Step.GATE_EXITED)) {
        return true;
      }
    }
  }

  /**
   * Gives the gate back, from HELD or ENTERED.
   *
   * @param token what acquiring returned
   * @return false if this owner was fenced meanwhile; the gate is then somebody else's, or wedged,
   *     and unchanged
   */
  public boolean release(long token) {
    while (true) {
      long seen = word();
      if (GateWord.token(seen) != token || !GateWord.taken(seen)) {
        return false;
      }
      if (change(seen, GateWord.released(seen), Step.GATE_RELEASED)) {
        return true;
      }
    }
  }

  /**
   * Gives back whatever the worker has, when an error tore it away from its token. On the worker's
   * own thread only: nobody else knows that the worker is outside.
   */
  public void releaseAsWorker() {
    while (true) {
      long seen = word();
      if (!GateWord.taken(seen) || GateWord.owner(seen) != GateOwner.WORKER) {
        return;
      }
      if (change(seen, GateWord.released(seen), Step.GATE_RELEASED)) {
        return;
      }
    }
  }

  /**
   * Records that the firmware faulted: marks it damaged for good and, in the same step, lets no
   * further call in.
   */
  public void damaged() {
    while (true) {
      long seen = word();
      long next = GateWord.withMode(seen, GateWord.mode(seen).afterFault());
      if (change(seen, GateWord.withDamage(next), Step.GATE_DAMAGED)) {
        return;
      }
    }
  }

  /**
   * Gives up on an owner: its hold becomes WEDGED, the firmware counts as damaged and no further
   * call is let in, all in one step. Its release will fail.
   *
   * @param token which acquisition
   * @return false if that owner does not have the gate any more, or was given up on before
   */
  public boolean wedge(long token) {
    while (true) {
      long seen = word();
      if (GateWord.token(seen) != token || !GateWord.taken(seen)) {
        return false;
      }
      if (change(seen, GateWord.wedged(seen), Step.GATE_WEDGED)) {
        return true;
      }
    }
  }

  /** Records that the worker's thread has ended: what it had is wedged, and no call is let in. */
  public void workerDied() {
    while (true) {
      long seen = word();
      boolean inside = GateWord.taken(seen) && GateWord.owner(seen) == GateOwner.WORKER;
      long next =
          inside
              ? GateWord.wedged(seen)
              : GateWord.withDamage(
                  GateWord.withMode(
                      GateWord.withoutWaiter(seen), GateWord.mode(seen).afterFault()));
      if (change(seen, next, inside ? Step.GATE_WEDGED : Step.GATE_DAMAGED)) {
        return;
      }
    }
  }

  /**
   * Takes the gate in mode EMERGENCY, whoever has it. If its owner was inside or given up on, the
   * firmware counts as damaged from then on: it was interrupted anywhere.
   *
   * @return the token of this acquisition, phase HELD; {@link #NOT_ACQUIRED} if the mode is not
   *     EMERGENCY
   */
  public long seize() {
    while (true) {
      long seen = word();
      if (GateWord.mode(seen) != DispatcherMode.EMERGENCY) {
        return NOT_ACQUIRED;
      }
      GatePhase phase = GateWord.phase(seen);
      boolean interrupted = phase == GatePhase.ENTERED || phase == GatePhase.WEDGED;
      long next = GateWord.acquired(seen, GateOwner.EMERGENCY, GateTarget.NONE, GatePhase.HELD);
      if (change(seen, interrupted ? GateWord.withDamage(next) : next, Step.GATE_SEIZED)) {
        return GateWord.token(next);
      }
    }
  }

  /**
   * Takes the gate of a disabled firmware for a reset. The firmware stays damaged.
   *
   * @param from FREE after a fault, or WEDGED to take it from an owner that was given up on
   * @param target what will be called
   * @return the token of this acquisition, phase HELD; {@link #NOT_ACQUIRED} if the services are
   *     not disabled or the gate is in another phase
   */
  public long seizeForReset(GatePhase from, int target) {
    while (true) {
      long seen = word();
      if (GateWord.mode(seen) != DispatcherMode.DISABLED || GateWord.phase(seen) != from) {
        return NOT_ACQUIRED;
      }
      long next = GateWord.acquired(seen, GateOwner.RESET, target, GatePhase.HELD);
      if (change(seen, next, Step.GATE_SEIZED)) {
        return GateWord.token(next);
      }
    }
  }

  /**
   * Whether the firmware behind this gate has faulted or was interrupted.
   *
   * @return true from then on
   */
  public boolean isDamaged() {
    return GateWord.damaged(word());
  }

  /**
   * Changes the mode, whoever has the gate.
   *
   * @param from the mode it must be in
   * @param to the new mode
   * @return true if this call changed it
   */
  public boolean changeMode(DispatcherMode from, DispatcherMode to) {
    while (true) {
      long seen = word();
      if (GateWord.mode(seen) != from) {
        return false;
      }
      if (change(seen, GateWord.withMode(seen, to), Step.MODE_CHANGED)) {
        return true;
      }
    }
  }

  /**
   * Marks a disabled instance as replaced by another one, unless a thread has the gate that was not
   * given up on.
   *
   * @return true if this call did
   */
  public boolean replace() {
    while (true) {
      long seen = word();
      if (GateWord.mode(seen) != DispatcherMode.DISABLED || GateWord.taken(seen)) {
        return false;
      }
      if (change(seen, GateWord.withMode(seen, DispatcherMode.REPLACED), Step.MODE_CHANGED)) {
        return true;
      }
    }
  }

  /**
   * Whether new calls are accepted: what callers ask, who would only take the word's cache line
   * away from whoever passes the gate. False at the latest when the step that changed the mode
   * returns; a call that was let through in between is refused by the gate itself.
   *
   * @return true while the mode is OPEN
   */
  public boolean acceptsCalls() {
    return !notOpen;
  }

  /**
   * The current mode.
   *
   * @return the mode at this moment
   */
  public DispatcherMode mode() {
    return GateWord.mode(word());
  }

  /**
   * Where the owner stands.
   *
   * @return the phase at this moment
   */
  public GatePhase phase() {
    return GateWord.phase(word());
  }

  /**
   * Whether an acquisition still has the gate.
   *
   * @param token what acquiring returned
   * @return false once it was released, given up on or fenced
   */
  public boolean isHeldBy(long token) {
    long seen = word();
    return GateWord.token(seen) == token && GateWord.taken(seen);
  }

  /**
   * Whether the worker is inside; on its own thread this tells firmware from a completion handler.
   *
   * @return true if it has the gate and was not given up on
   */
  public boolean isWorkerInside() {
    long seen = word();
    return GateWord.taken(seen) && GateWord.owner(seen) == GateOwner.WORKER;
  }

  /**
   * Who has the gate.
   *
   * @return the owner at this moment; of a wedged gate, who was given up on
   */
  public GateOwner owner() {
    return GateWord.owner(word());
  }

  /**
   * Which acquisition the current hold is, or was the last one.
   *
   * @return its token
   */
  public long token() {
    return GateWord.token(word());
  }

  /**
   * What the owner calls.
   *
   * @return its target at this moment, see {@link GateTarget}
   */
  public int target() {
    return GateWord.target(word());
  }

  long word() {
    return (long) WORD.getVolatile(this);
  }

  private boolean change(long seen, long next, Step step) {
    if (!WORD.compareAndSet(this, seen, next)) {
      return false;
    }
    if (GateWord.mode(next) != GateWord.mode(seen)) {
      // No gate opens again, so a latch will do. After the word and before whatever its writer does
      // next: a close sweeps after it, a fault completes after it.
      notOpen = true;
    }
    if (steps != null) {
      steps.made(step);
    }
    return true;
  }
}
