// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * One call's life around one work item.
 *
 * <p>Who may touch the work item is decided by the state: the caller it is lent to while IDLE,
 * DONE, CANCELLED or RETURNED, the worker while RUNNING, ABANDONED or COLLECTED. The
 * compare-and-sets between those states hand over the work item and the result with volatile
 * semantics: claiming sees what was packed, seeing DONE sees the result and what firmware wrote.
 *
 * <p>No method blocks or allocates.
 */
public final class DispatchCall extends CallPadding.Behind {
  private static final VarHandle STATE;
  private static final VarHandle COMPLETION;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(CallPadding.State.class, "state", long.class);
      COMPLETION = lookup.findVarHandle(CallPadding.Completion.class, "completion", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RuntimeCall item;

  /** Written by the worker in RUNNING, read after DONE was seen. */
  private CallResult result;

  /** The thread to wake, or null while the caller spins. */
  private volatile Thread parked;

  /** When the caller leaves, as System.nanoTime tells it; only the caller it is lent to uses it. */
  private long deadlineNanos;

  /** Whether the caller leaves at all before the call has ended. */
  private boolean hasDeadline;

  /**
   * An idle call, generation 1: completion 0 then never means done.
   *
   * @param item its work item
   */
  public DispatchCall(RuntimeCall item) {
    this.item = item;
    this.state = CallState.word(1, CallState.IDLE);
  }

  /**
   * The work item. Only for the party that the state lets use it.
   *
   * @return the item
   */
  public RuntimeCall item() {
    return item;
  }

  /**
   * The generation the call is in. For the caller it is lent to, before it is published.
   *
   * @return the generation
   */
  public long generation() {
    return CallState.generation(word());
  }

  /**
   * Sets when the caller leaves. For the caller the call is lent to.
   *
   * @param hasDeadline whether it leaves before the call has ended
   * @param nanos when, as {@link System#nanoTime} tells it
   */
  public void deadline(boolean hasDeadline, long nanos) {
    this.hasDeadline = hasDeadline;
    this.deadlineNanos = nanos;
  }

  /**
   * Whether the caller has to leave. For the caller the call is lent to.
   *
   * @return true once the deadline has passed
   */
  public boolean overdue() {
    return hasDeadline && System.nanoTime() - deadlineNanos >= 0;
  }

  /**
   * How long the caller may wait. For the caller the call is lent to.
   *
   * @param atMost longest wait in nanoseconds
   * @return that, or what is left to the deadline if it is less; 0 or less once it has passed
   */
  public long nanosLeft(long atMost) {
    return hasDeadline ? Math.min(atMost, deadlineNanos - System.nanoTime()) : atMost;
  }

  /**
   * IDLE to QUEUED, by the caller it is lent to, after packing and before the slot is published.
   *
   * @param generation the generation it was lent in
   */
  public void queue(long generation) {
    // The ring's publication orders this store before the worker's claim.
    STATE.setRelease(this, CallState.word(generation, CallState.QUEUED));
  }

  /**
   * Whether a ring slot's generation is still queued: a look that spares the worker the gate.
   *
   * @param generation the generation the ring slot names
   * @return false if claiming would fail
   */
  public boolean queued(long generation) {
    return word() == CallState.word(generation, CallState.QUEUED);
  }

  /**
   * QUEUED to RUNNING, by the worker once it has the gate: a running call is one that is inside.
   *
   * @param generation the generation the ring slot names
   * @return false if that generation was cancelled or is over; the call must not be touched then
   */
  public boolean claim(long generation) {
    return change(generation, CallState.QUEUED, CallState.word(generation, CallState.RUNNING));
  }

  /**
   * QUEUED to CANCELLED, by anyone.
   *
   * @param generation the generation to cancel
   * @param why what the caller is told
   * @return true if this call ended it: firmware was not and will not be entered
   */
  public boolean cancel(long generation, Outcome why) {
    return change(
        generation, CallState.QUEUED, CallState.word(generation, CallState.CANCELLED, why));
  }

  /**
   * QUEUED to CANCELLED in whatever generation the call is, by anyone.
   *
   * @param why what the caller is told
   */
  public void cancelIfQueued(Outcome why) {
    long word = word();
    if (CallState.state(word) == CallState.QUEUED) {
      cancel(CallState.generation(word), why);
    }
  }

  /**
   * Whether the call is published and has not ended.
   *
   * @return true while QUEUED or RUNNING
   */
  public boolean pending() {
    int state = CallState.state(word());
    return state == CallState.QUEUED || state == CallState.RUNNING;
  }

  /**
   * RUNNING to ABANDONED, by anyone.
   *
   * @param generation the generation to abandon
   * @param why what the caller is told
   * @return true if this call ended it; the worker's result then reaches nobody
   */
  public boolean abandon(long generation, Outcome why) {
    return change(
        generation, CallState.RUNNING, CallState.word(generation, CallState.ABANDONED, why));
  }

  /**
   * RUNNING to DONE, by the worker.
   *
   * @param generation the generation that was claimed
   * @param result the result
   * @return false if the call was abandoned; the worker then hands it back
   */
  public boolean complete(long generation, CallResult result) {
    if (word() != CallState.word(generation, CallState.RUNNING)) {
      return false;
    }
    // In RUNNING the field is the worker's own; if the call is abandoned now, nobody will read it.
    this.result = result;
    if (!change(generation, CallState.RUNNING, CallState.word(generation, CallState.DONE))) {
      return false;
    }
    // Volatile, not release: the store must be ordered before the read of parked below, or a caller
    // that parks at the same moment sleeps until its slice is over.
    COMPLETION.setVolatile(this, generation);
    wake();
    return true;
  }

  /** Wakes the caller if it is parked. */
  public void wake() {
    Thread waiter = parked;
    if (waiter != null) {
      LockSupport.unpark(waiter);
    }
  }

  /**
   * Announces that the current thread is about to park; it must look at {@link #ended} once more
   * before it does.
   */
  public void parking() {
    parked = Thread.currentThread();
  }

  /** Takes the announcement back, while the call is still lent to the current thread. */
  public void awake() {
    parked = null;
  }

  /**
   * Whether the worker has completed the call; what a caller spins on.
   *
   * @param generation the generation that was published
   * @return true once DONE can be seen
   */
  public boolean completed(long generation) {
    // Volatile, not acquire: it pairs with the store in complete() when a caller is about to park.
    return (long) COMPLETION.getVolatile(this) == generation;
  }

  /**
   * How the call ended, if it has. For the caller that waits for it, until it hands the call back.
   *
   * @param generation the generation that was published
   * @return the result, or null while the call is queued or running and once it was handed back;
   *     {@link CallResult#firmwareMayStillWrite()} is set if it was abandoned
   */
  public CallResult ended(long generation) {
    long word = word();
    if (CallState.generation(word) != generation) {
      return null;
    }
    return switch (CallState.state(word)) {
      case CallState.DONE -> result;
      case CallState.CANCELLED -> CallResult.refused(CallState.outcome(word), false, false);
      case CallState.ABANDONED, CallState.RETURNED ->
          CallResult.refused(CallState.outcome(word), true, true);
      default -> null;
    };
  }

  /**
   * The caller is through with the call: before publishing it, after it has ended, or because an
   * error tears the caller out of its wait; the call is then withdrawn or abandoned.
   *
   * @param generation the generation it was lent in
   * @return true if the call is idle again and goes back to the pool; false if the worker still has
   *     it and will give it back
   */
  public boolean handBackByCaller(long generation) {
    while (true) {
      long word = word();
      if (CallState.generation(word) != generation) {
        return false;
      }
      switch (CallState.state(word)) {
        case CallState.QUEUED -> cancel(generation, Outcome.CANCELLED);
        case CallState.RUNNING -> abandon(generation, Outcome.CLOSED);
        case CallState.ABANDONED -> {
          if (STATE.compareAndSet(this, word, CallState.word(generation, CallState.COLLECTED))) {
            return false;
          }
        }
        case CallState.COLLECTED -> {
          return false;
        }
        default -> {
          renew(generation);
          return true;
        }
      }
    }
  }

  /**
   * The worker is through with a call that was abandoned.
   *
   * @param generation the generation it claimed
   * @return true if the call is idle again and goes back to the pool; false if the caller has not
   *     looked yet and will give it back
   */
  public boolean handBackByWorker(long generation) {
    long word = word();
    if (CallState.state(word) == CallState.ABANDONED
        && STATE.compareAndSet(
            this, word, CallState.word(generation, CallState.RETURNED, CallState.outcome(word)))) {
      return false;
    }
    if (word() != CallState.word(generation, CallState.COLLECTED)) {
      return false;
    }
    renew(generation);
    return true;
  }

  /** Starts the next generation; by the one party that still has the call. */
  private void renew(long generation) {
    parked = null;
    result = null;
    // Release: the next borrower must not see this one's parked or result.
    STATE.setRelease(this, CallState.word(generation + 1, CallState.IDLE));
  }

  private boolean change(long generation, int from, long to) {
    return STATE.compareAndSet(this, CallState.word(generation, from), to);
  }

  private long word() {
    return (long) STATE.getVolatile(this);
  }
}
