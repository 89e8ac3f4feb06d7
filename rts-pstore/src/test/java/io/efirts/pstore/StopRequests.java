// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.spi.InterruptControl;
import io.efirts.testkit.StopPoint;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An embedder that stops threads on request, as a processor does on an interrupt: not while they
 * have deferred it, and then as soon as they allow it again.
 */
final class StopRequests implements InterruptControl {
  private static final long DISABLED = 1;
  private static final long ENABLED = 0;

  private final Set<Thread> disabled = ConcurrentHashMap.newKeySet();
  private final StopPoint stop = new StopPoint();
  private volatile Thread requested;

  @Override
  public long disable() {
    return disabled.add(Thread.currentThread()) ? ENABLED : DISABLED;
  }

  @Override
  public void restore(long previous) {
    Thread current = Thread.currentThread();
    if (previous == DISABLED) {
      disabled.add(current);
      return;
    }
    disabled.remove(current);
    if (requested == current) {
      requested = null;
      stop.pass();
    }
  }

  /** Whether the current thread cannot be stopped. */
  boolean areDeferred() {
    return disabled.contains(Thread.currentThread());
  }

  /** Whether any thread cannot be stopped. */
  boolean areDeferredByAny() {
    return !disabled.isEmpty();
  }

  /** Asks a thread to stop; takes effect when it next allows it. */
  void request(Thread thread) {
    requested = thread;
  }

  /** Where threads stop. */
  StopPoint stop() {
    return stop;
  }
}
