// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

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
 */
public final class FirmwareGate extends GatePadding.Behind {
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

  /** A free gate in mode OPEN. */
  public FirmwareGate() {
    word = GateWord.initial(DispatcherMode.OPEN);
  }

  /**
   * Acquires the gate for a thread that must not wait.
   *
   * @param owner which path this is
   * @return the token of this acquisition, phase HELD; {@link #NOT_ACQUIRED} if the gate is taken,
   *     the worker is waiting for it, or the mode is not OPEN
   */
  public long tryAcquire(GateOwner owner) {
    while (true) {
      long seen = word();
      if (!GateWord.free(seen) || GateWord.waiter(seen) || !GateWord.mode(seen).acceptsCalls()) {
        return NOT_ACQUIRED;
      }
      long next = GateWord.acquired(seen, owner, GatePhase.HELD);
      if (WORD.compareAndSet(this, seen, next)) {
        return GateWord.token(next);
      }
    }
  }

  /**
   * Acquires the gate for the worker and enters the firmware in one step, since the worker has
   * nothing to do in between. If the gate is taken, announces the worker as the waiter: only the
   * worker can acquire next, so back-to-back non-blocking calls delay it by one hold at most.
   *
   * @return the token of this acquisition, phase ENTERED; {@link #NOT_ACQUIRED} if the gate is
   *     taken or the mode forbids calls
   */
  public long tryAcquireAsWorker() {
    while (true) {
      long seen = word();
      if (!GateWord.mode(seen).makesCalls()) {
        return NOT_ACQUIRED;
      }
      if (GateWord.free(seen)) {
        long next = GateWord.acquired(seen, GateOwner.WORKER, GatePhase.ENTERED);
        if (WORD.compareAndSet(this, seen, next)) {
          return GateWord.token(next);
        }
      } else if (GateWord.waiter(seen)
          || WORD.compareAndSet(this, seen, GateWord.withWaiter(seen))) {
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
          || !GateWord.mode(seen).makesCalls()) {
        return false;
      }
      if (WORD.compareAndSet(this, seen, GateWord.withPhase(seen, GatePhase.ENTERED))) {
        return true;
      }
    }
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
      if (WORD.compareAndSet(this, seen, GateWord.withPhase(seen, GatePhase.HELD))) {
        return true;
      }
    }
  }

  /**
   * Gives the gate back, from HELD or ENTERED.
   *
   * @param token what acquiring returned
   * @return false if this owner was fenced meanwhile; the gate is then somebody else's and
   *     unchanged
   */
  public boolean release(long token) {
    while (true) {
      long seen = word();
      GatePhase phase = GateWord.phase(seen);
      if (GateWord.token(seen) != token || phase != GatePhase.HELD && phase != GatePhase.ENTERED) {
        return false;
      }
      if (WORD.compareAndSet(this, seen, GateWord.released(seen))) {
        return true;
      }
    }
  }

  /**
   * Records that the firmware faulted: marks it damaged for good and, in the same step, lets no
   * further call in. OPEN becomes DISABLED; DRAINING becomes CLOSED, since what is left in the
   * queue must not reach the faulted firmware either.
   */
  public void damaged() {
    while (true) {
      long seen = word();
      DispatcherMode next =
          switch (GateWord.mode(seen)) {
            case OPEN, DISABLED -> DispatcherMode.DISABLED;
            case DRAINING, CLOSED -> DispatcherMode.CLOSED;
          };
      if (WORD.compareAndSet(this, seen, GateWord.withDamage(GateWord.withMode(seen, next)))) {
        return;
      }
    }
  }

  /**
   * Whether the firmware behind this gate has faulted.
   *
   * @return true from the fault on
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
      if (WORD.compareAndSet(this, seen, GateWord.withMode(seen, to))) {
        return true;
      }
    }
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
   * Who has the gate.
   *
   * @return the owner at this moment
   */
  public GateOwner owner() {
    return GateWord.owner(word());
  }

  private long word() {
    return (long) WORD.getVolatile(this);
  }
}
