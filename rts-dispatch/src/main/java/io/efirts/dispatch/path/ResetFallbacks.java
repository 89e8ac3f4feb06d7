// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.api.spec.ResetType;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.policy.ResetFallback;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The embedder's other ways to reset, one by one.
 *
 * <p>Any thread, in any state; takes as long as the fallbacks do.
 */
public final class ResetFallbacks {
  /** An array, since a panicking thread must not allocate an iterator. */
  private final ResetFallback[] fallbacks;

  private final PendingCapsule capsule;
  private final Observer observer;
  private final AtomicBoolean tried = new AtomicBoolean();

  /** One of them has said that it resets. */
  private volatile boolean underWay;

  /**
   * The fallbacks of a dispatcher.
   *
   * @param fallbacks in the order in which they are tried
   * @param capsule lost when one of them resets
   * @param observer takes what they throw
   */
  public ResetFallbacks(List<ResetFallback> fallbacks, PendingCapsule capsule, Observer observer) {
    this.fallbacks = fallbacks.toArray(ResetFallback[]::new);
    this.capsule = capsule;
    this.observer = observer;
  }

  /**
   * Tries them, unless another thread does. What is lost or thrown is left for listeners.
   *
   * @param type the type of reset that was asked for
   * @return true if a reset is under way
   */
  public boolean reset(ResetType type) {
    if (!begin()) {
      return false;
    }
    boolean resets = firstThatResets(type, true);
    if (!resets) {
      // Nobody could reset: a later attempt may try again.
      tried.set(false);
    }
    return resets;
  }

  /**
   * Tries them on the crash path, unless one of them resets already; also while another thread
   * tries them, which may be stopped in the middle for good. What they throw is only counted.
   * Allocates nothing itself.
   *
   * @param type the type of reset that was asked for
   * @return true if a reset is under way
   */
  public boolean resetInEmergency(ResetType type) {
    return underWay || firstThatResets(type, false);
  }

  private boolean begin() {
    return fallbacks.length != 0 && tried.compareAndSet(false, true);
  }

  private boolean firstThatResets(ResetType type, boolean tell) {
    ResetType pending = capsule.resetType();
    if (tell && pending != null) {
      observer.offer(new DispatcherEvent.CapsuleLost(pending));
    }
    for (ResetFallback fallback : fallbacks) {
      try {
        if (fallback.reset(type)) {
          underWay = true;
          return true;
        }
      } catch (Throwable thrown) {
        if (tell) {
          observer.handlerFailed(thrown);
        } else {
          observer.count(Counter.HANDLER_FAILURES);
        }
      }
    }
    return false;
  }
}
