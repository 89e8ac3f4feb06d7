// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Which calls reached firmware, over all firmware instances of a dispatcher. For any thread. */
final class EntryLog {
  private final AtomicIntegerArray byTag;
  private final AtomicInteger entries = new AtomicInteger();
  private volatile boolean metInside;

  /** A log for tags below a bound. */
  EntryLog(int tags) {
    byTag = new AtomicIntegerArray(tags);
  }

  /** A tagged call came in; returns which entry it is over all, from 1. */
  int entered(int tag) {
    byTag.incrementAndGet(tag);
    return entries.incrementAndGet();
  }

  /** How often a call came in. */
  int entries(int tag) {
    return byTag.get(tag);
  }

  /** Two threads were inside one firmware instance at the same time. */
  void metInside() {
    metInside = true;
  }

  boolean haveMetInside() {
    return metInside;
  }
}
