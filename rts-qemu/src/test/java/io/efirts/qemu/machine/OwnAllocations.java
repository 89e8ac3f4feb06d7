// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What is allocated on a thread by what it does, and not by the JVM on its own account, as it does
 * now and then when it has compiled something. What allocates by itself does so in every round.
 */
final class OwnAllocations {
  private static final int MOST_ROUNDS = 5;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private OwnAllocations() {}

  /** Begins with everything anew, and measures a part of what it does. */
  @FunctionalInterface
  interface Round {
    /**
     * Makes a round.
     *
     * @return how many bytes were allocated in the part that is measured
     */
    long allocatedBytes() throws Exception;
  }

  /** Allocated by the current thread since its start; does not allocate. */
  static long soFar() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().threadId());
  }

  static void requireNone(Round round) throws Exception {
    long[] bytes = new long[MOST_ROUNDS];
    for (int i = 0; i < MOST_ROUNDS; i++) {
      bytes[i] = round.allocatedBytes();
      if (bytes[i] == 0) {
        return;
      }
    }
    fail("allocated in each round: bytes=" + Arrays.toString(bytes));
  }
}
