// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.testkit.CallerThread;
import java.util.Set;
import java.util.stream.Collectors;

/** The threads that watch over dispatchers; other tests' may not have ended yet. */
final class Watches {
  private Watches() {}

  /** Those there are. */
  static Set<Thread> running() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("efi-rts-watch"))
        .collect(Collectors.toSet());
  }

  /**
   * Waits until the one that has come since sleeps. If nothing is pending and nothing was called
   * yet, it does so for good, unless somebody wakes it.
   */
  static void awaitAsleep(Set<Thread> before) {
    Set<Thread> own = running();
    own.removeAll(before);
    CallerThread.awaitParked(own.iterator().next());
  }
}
