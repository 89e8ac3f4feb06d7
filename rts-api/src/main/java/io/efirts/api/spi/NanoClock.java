// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import java.util.concurrent.locks.LockSupport;

/**
 * The clock by which deadlines, wedge limits and latencies are measured. A simulator brings its
 * own, a test a virtual one.
 */
@FunctionalInterface
public interface NanoClock {
  /** The JVM's own clock. */
  NanoClock SYSTEM = System::nanoTime;

  /**
   * The time. Called by any thread, on the crash path too: must not block, lock or allocate.
   *
   * @return nanoseconds since an arbitrary moment, never going back; compare by difference only
   */
  long nanoTime();

  /**
   * Lets the current thread wait for this clock. The dispatcher waits in short slices only and
   * looks at everything again after each, so a wait that ends early does no harm. Called by any
   * thread, on the crash path too: must not lock or allocate, and must keep the thread's interrupt
   * flag.
   *
   * <p>This one parks by the JVM's clock, as {@link LockSupport#parkNanos(Object, long)} does. A
   * clock that stands still until somebody moves it lets that somebody run instead.
   *
   * @param blocker what the thread waits for, for thread dumps
   * @param nanos longest wait, none if 0 or less
   */
  default void parkNanos(Object blocker, long nanos) {
    LockSupport.parkNanos(blocker, nanos);
  }
}
