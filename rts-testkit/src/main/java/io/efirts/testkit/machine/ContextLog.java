// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The first events of a context, in memory made beforehand: contexts are entered and left where
 * nothing may be allocated. For any thread; lock-free.
 */
final class ContextLog {
  private static final int CAPACITY = 1024;
  private static final int ENTERED = -1;

  private final AtomicInteger count = new AtomicInteger();
  private final int[] depths = new int[CAPACITY];

  /** What was repaired, or {@link #ENTERED}. */
  private final int[] repairs = new int[CAPACITY];

  /** Written last: whoever sees the thread sees the rest of the event. */
  private final AtomicReferenceArray<Thread> threads = new AtomicReferenceArray<>(CAPACITY);

  void entered(int depth) {
    add(depth, ENTERED);
  }

  void left(int depth, int repaired) {
    add(depth, repaired);
  }

  private void add(int depth, int what) {
    int index = count.getAndUpdate(now -> Math.min(now + 1, CAPACITY));
    if (index < CAPACITY) {
      depths[index] = depth;
      repairs[index] = what;
      threads.setRelease(index, Thread.currentThread());
    }
  }

  List<ContextEvent> events() {
    List<ContextEvent> events = new ArrayList<>();
    int known = count.get();
    for (int i = 0; i < known; i++) {
      Thread thread = threads.getAcquire(i);
      if (thread != null) {
        boolean entered = repairs[i] == ENTERED;
        events.add(new ContextEvent(entered, thread, depths[i], entered ? 0 : repairs[i]));
      }
    }
    return List.copyOf(events);
  }
}
