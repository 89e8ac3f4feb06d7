// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.CallResult;
import io.efirts.api.CompletionHandler;
import io.efirts.testkit.Patience;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that keeps what it is told, and on which thread. */
final class RecordedEnds implements CompletionHandler {
  private final LinkedBlockingQueue<End> ends = new LinkedBlockingQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  record End(CallResult result, Thread thread) {}

  @Override
  public void completed(CallResult result) {
    count.incrementAndGet();
    ends.add(new End(result, Thread.currentThread()));
  }

  /** The oldest end that was not taken yet. */
  End await() throws InterruptedException {
    End end = ends.poll(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    if (end == null) {
      throw new AssertionError("handler must be called within " + Patience.LIMIT);
    }
    return end;
  }

  /** How often it was called. */
  int count() {
    return count.get();
  }
}
