// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import io.efirts.dispatch.gate.WedgeWatch;
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
 *
 * <p>Longer than most files because every transition of a call stands here and nowhere else.
 */
public final class DispatchCall extends CallPadding.Behind {
  private static final VarHandle STATE;
  private static final VarHandle COMPLETION;
  private static final VarHandle DELIVERED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(CallPadding.State.class, "state", long.class);
      COMPLETION = lookup.findVarHandle(CallPadding.Completion.class, "completion", long.class);
      DELIVERED = lookup.findVarHandle(DispatchCall.class, "delivered", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RuntimeCall item;

  /** Written by the worker in RUNNING, read after DONE was seen. */
  private CallResult result;

  /** The thread to wake, or null while the caller spins. */
  private volatile Thread parked;

  /** When the caller leaves, in the dispatcher's clock. */
  private long deadlineNanos;

  /** Whether the caller leaves at all before the call has ended. */
  private boolean hasDeadline;

  /** When the call was queued, in the dispatcher's clock; only if somebody measures. */
  private long queuedNanos;

  /** Who gets the result, or null if the caller waits for it. */
  private Delivery delivery;

  /** The last generation whose result was delivered. */
  private long delivered;

  private final WedgeWatch wedgeWatch = new WedgeWatch();
  private final StepHook steps;

  /**
   * An idle call.
   *
   * @param item its work item
   */
  public DispatchCall(RuntimeCall item) {
    this(item, null);
  }

  /**
   * An idle call that tells a test of its steps. Generation 1: completion 0 then never means done.
   *
   * @param item its work item
   * @param steps told of every change, or null
   */
  public DispatchCall(RuntimeCall item, StepHook steps) {
    this.item = item;
    this.steps = steps;
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
   * The generation the call is in.
   *
   * @return the generation
   */
  public long generation() {
    return CallState.generation(word());
  }

  /**
   * Sets when the caller leaves and who gets the result. For the caller the call is lent to, before
   * it is queued.
   *
   * @param hasDeadline whether it leaves before the call has ended
   * @param nanos when, in the dispatcher's clock
   * @param delivery who gets the result; null if the caller waits for it
   */
  public void lendTo(boolean hasDeadline, long nanos, Delivery delivery) {
    if (this.hasDeadline || hasDeadline) {
      this.hasDeadline = hasDeadline;
      this.deadlineNanos = nanos;
    }
    if (this.delivery != delivery) {
      this.delivery = delivery;
    }
  }

  /**
   * Whether the caller has to leave. For the caller the call is lent to; anybody else may act on it
   * only by {@link #cancel} or {@link #abandon} with the generation it saw before.
   *
   * @param nowNanos the time
   * @return true once the deadline has passed
   */
  public boolean overdue(long nowNanos) {
    return hasDeadline && nowNanos - deadlineNanos >= 0;
  }

  /**
   * How long the caller may wait.
   *
   * @param atMost longest wait in nanoseconds
   * @param nowNanos the time
   * @return that, or what is left to the deadline if it is less; 0 or less once it has passed
   */
  public long nanosLeft(long atMost, long nowNanos) {
    return hasDeadline ? Math.min(atMost, deadlineNanos - nowNanos) : atMost;
  }

  /**
   * Notes when the call is queued. For the caller, before it is.
   *
   * @param nanos the time
   */
  public void queuedAt(long nanos) {
    if (queuedNanos != nanos) {
      queuedNanos = nanos;
    }
  }

  /**
   * When the call was queued. For the worker that claimed it.
   *
   * @return the time that was noted last
   */
  public long queuedNanos() {
    return queuedNanos;
  }

  /**
   * The caller's watch over the gate. For the caller the call is lent to.
   *
   * @return always the same
   */
  public WedgeWatch wedgeWatch() {
    return wedgeWatch;
  }

  /**
   * Who gets the result. Anybody but the caller must see the call pending or ended first, and pass
   * on the generation it saw.
   *
   * @return the delivery, null if the caller waits
   */
  public Delivery delivery() {
    return delivery;
  }

  /**
   * Claims the delivery of a call that has ended.
   *
   * @param generation the generation that has ended
   * @return true for exactly one of all who try; the result is then its to deliver
   */
  public boolean claimDelivery(long generation) {
    long last = (long) DELIVERED.getVolatile(this);
    return last < generation
        && hasEnded(generation)
        && DELIVERED.compareAndSet(this, last, generation);
  }

  /**
   * Whether a generation has ended and was not handed back.
   *
   * @param generation the generation that was published
   * @return true while {@link #ended} gives a result
   */
  public boolean hasEnded(long generation) {
    long word = word();
    int state = CallState.state(word);
    return CallState.generation(word) == generation
        && (state == CallState.DONE
            || state == CallState.CANCELLED
            || state == CallState.ABANDONED
            || state == CallState.RETURNED);
  }

  /**
   * IDLE to QUEUED, by the caller it is lent to, after packing and before the slot is published.
   *
   * @param generation the generation it was lent in
   */
  public void queue(long generation) {
    // The ring's publication orders this store before the worker's claim.
    STATE.setRelease(this, CallState.word(generation, CallState.QUEUED));
    made(Step.CALL_QUEUED);
  }

  /**
   * QUEUED to IDLE, by the caller that found no room in the ring: nobody is told of such a call.
   *
   * @param generation the generation it was lent in
   * @return false if it has ended meanwhile, and may be delivered
   */
  public boolean unqueue(long generation) {
    return change(
        generation,
        CallState.QUEUED,
        CallState.word(generation, CallState.IDLE),
        Step.CALL_UNQUEUED);
  }

  /** Tells a test that the call is in the ring. It may have ended already; nothing is changed. */
  public void published() {
    made(Step.CALL_PUBLISHED);
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
    return change(
        generation,
        CallState.QUEUED,
        CallState.word(generation, CallState.RUNNING),
        Step.CALL_CLAIMED);
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
        generation,
        CallState.QUEUED,
        CallState.word(generation, CallState.CANCELLED, why),
        Step.CALL_CANCELLED);
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
   * Whether a generation is published and has not ended.
   *
   * @param generation the generation
   * @return true while QUEUED or RUNNING
   */
  public boolean pending(long generation) {
    long word = word();
    return word == CallState.word(generation, CallState.QUEUED)
        || word == CallState.word(generation, CallState.RUNNING);
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
        generation,
        CallState.RUNNING,
        CallState.word(generation, CallState.ABANDONED, why),
        Step.CALL_ABANDONED);
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
    if (this.result != result) {
      this.result = result;
    }
    made(Step.CALL_RESULT_WRITTEN);
    if (!STATE.compareAndSet(
        this,
        CallState.word(generation, CallState.RUNNING),
        CallState.word(generation, CallState.DONE))) {
      return false;
    }
    // Volatile, not release: the store must be ordered before the read of parked below, or a caller
    // that parks at the same moment sleeps until its slice is over.
    COMPLETION.setVolatile(this, CompletionWord.of(generation, result));
    made(Step.CALL_DONE);
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
    return CompletionWord.isOf((long) COMPLETION.getVolatile(this), generation);
  }

  /**
   * The worker's result, for a caller that spins: nearly always from the one word it spins on.
   *
   * @param generation the generation that was published
   * @return the result, or null while the worker has not completed the call
   */
  public CallResult completedResult(long generation) {
    long word = (long) COMPLETION.getVolatile(this);
    if (!CompletionWord.isOf(word, generation)) {
      return null;
    }
    CallResult told = CompletionWord.result(word);
    return told == null ? result : told;
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
            made(Step.CALL_COLLECTED);
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
    if (CallState.generation(word) == generation
        && CallState.state(word) == CallState.ABANDONED
        && STATE.compareAndSet(
            this, word, CallState.word(generation, CallState.RETURNED, CallState.outcome(word)))) {
      made(Step.CALL_RETURNED);
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
    // Looked at first: a write would take the cache line away from the worker for nothing.
    if (parked != null) {
      parked = null;
    }
    if (delivery != null) {
      delivery = null;
    }
    // Release: the next borrower must not see this one's parked or result.
    STATE.setRelease(this, CallState.word(generation + 1, CallState.IDLE));
  }

  /** Tells a test that the call is idle again and about to go back to the pool. */
  void renewed() {
    made(Step.CALL_RENEWED);
  }

  private boolean change(long generation, int from, long to, Step step) {
    if (!STATE.compareAndSet(this, CallState.word(generation, from), to)) {
      return false;
    }
    made(step);
    return true;
  }

  private void made(Step step) {
    if (steps != null) {
      steps.made(step);
    }
  }

  private long word() {
    return (long) STATE.getVolatile(this);
  }
}
