// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.CallResult;
import io.efirts.api.CompletionHandler;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.call.Delivery;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import io.efirts.dispatch.path.QueuedPath;

/**
 * A handle as the dispatcher implements it.
 *
 * <p>Whoever delivers claims the delivery first, by the call's generation, so that the worker, the
 * watch and a polling caller deliver once between them. The fields of a call under way are written
 * before it is published and read by whoever claimed its delivery.
 */
final class PendingDispatch implements PendingCall, Delivery {
  private final CompletionHandler handler;
  private final Observer observer;
  private final Watchman watchman;
  private final PendingCopyOuts copyOuts = new PendingCopyOuts();

  private QueuedPath path;
  private DispatchCall call;
  private long generation;
  private CopyOut copyOut;
  private boolean ownsMemory;
  private CallResult result;

  /** Volatile: publishes the result, and hands the fields above back to the caller. */
  private volatile boolean pending;

  PendingDispatch(CompletionHandler handler, Observer observer, Watchman watchman) {
    this.handler = handler;
    this.observer = observer;
    this.watchman = watchman;
  }

  PendingCopyOuts copyOuts() {
    return copyOuts;
  }

  /**
   * Lends a call, without waiting for one.
   *
   * @return its work item, or null if the start is refused
   */
  RuntimeCall begin(ArmedInstance instance, RuntimeService service, long timeoutNanos) {
    if (pending) {
      throw new IllegalStateException("a handle must be idle to start a call: pending=true");
    }
    path = instance.queued();
    call = path.borrowToStart(service, timeoutNanos, this);
    if (call == null) {
      result = path.refusalToStart(service);
      return null;
    }
    generation = call.generation();
    return call.item();
  }

  /** Gives a call back that could not be packed. */
  void withdraw() {
    path.giveBack(call, generation);
  }

  /**
   * Publishes the packed call.
   *
   * @param resultsTo copies the results out, null if there are none
   * @param typed whether its pointers lead into the work item only
   * @return true if it was started
   */
  boolean publish(CopyOut resultsTo, boolean typed) {
    copyOut = resultsTo;
    ownsMemory = typed;
    // Kept: once it is started, its end may be delivered and the next call started meanwhile.
    DispatchCall started = call;
    long startedGeneration = generation;
    pending = true;
    return switch (path.start(started)) {
      case STARTED -> true;
      case NO_ROOM -> {
        handBack(CallResult.refused(Outcome.BUSY, false, false));
        yield false;
      }
      case ENDED -> {
        boolean mine = started.claimDelivery(startedGeneration);
        if (mine) {
          settle(end());
        }
        // If the watch got there first, it was delivered like any other.
        yield !mine;
      }
    };
  }

  @Override
  public CallResult poll() {
    if (pending && handler == null && call.claimDelivery(generation)) {
      settle(end());
    }
    if (pending) {
      return null;
    }
    if (result == null) {
      throw new IllegalStateException("a handle must have started a call: started=false");
    }
    return result;
  }

  @Override
  public boolean cancel() {
    DispatchCall cancelled = call;
    long cancelledGeneration = generation;
    // Another thread may be starting the next call just now, so that the two do not belong
    // together; a pending generation whose delivery is this handle's is this handle's.
    if (pending
        && cancelled != null
        && cancelled.pending(cancelledGeneration)
        && cancelled.delivery() == this
        && cancelled.cancel(cancelledGeneration, Outcome.CANCELLED)) {
      watchman.wake();
      return true;
    }
    return false;
  }

  @Override
  public boolean isPending() {
    return pending;
  }

  @Override
  public void deliver(DispatchCall ended, long endedGeneration) {
    if (handler == null || !pending || call != ended || generation != endedGeneration) {
      return;
    }
    if (ended.claimDelivery(endedGeneration)) {
      CallResult end = end();
      try {
        settle(end);
      } catch (Throwable thrown) {
        // The caller's memory is not this thread's to touch, or is gone.
        failed(thrown);
      }
      try {
        handler.completed(end);
      } catch (Throwable thrown) {
        failed(thrown);
      }
    }
  }

  private void failed(Throwable thrown) {
    observer.handlerFailed(thrown);
    watchman.wake();
  }

  private CallResult end() {
    CallResult end = call.ended(generation);
    return end.firmwareMayStillWrite() && ownsMemory
        ? CallResult.refused(end.outcome(), true, false)
        : end;
  }

  /** Copies out and hands everything back, also if the results cannot be copied. */
  private void settle(CallResult end) {
    try {
      if (end.outcome() == Outcome.COMPLETED) {
        call.item().status(end.status().raw());
        if (copyOut != null) {
          copyOut.copyOut(call.item(), end);
        }
      }
    } finally {
      handBack(end);
    }
  }

  private void handBack(CallResult end) {
    try {
      path.giveBack(call, generation);
    } finally {
      result = end;
      pending = false;
    }
  }
}
