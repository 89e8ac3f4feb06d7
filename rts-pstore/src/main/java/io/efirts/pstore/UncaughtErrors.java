// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.log.LogRing;
import java.util.Objects;

/**
 * Dumps the log when a thread of this JVM ends with an {@link Error}. Best effort, and opt-in:
 *
 * <pre>{@code
 * Thread.setDefaultUncaughtExceptionHandler(
 *     new UncaughtErrors(pstore, log, Thread.getDefaultUncaughtExceptionHandler()));
 * }</pre>
 *
 * <p>An oops, not a panic: the services stay open, since whether the process can go on is for the
 * embedder to say. Where there is memory, the stack is logged too.
 */
public final class UncaughtErrors implements Thread.UncaughtExceptionHandler {
  private static final int LEVEL_ALERT = 1;

  private final Pstore pstore;
  private final LogRing log;
  private final Thread.UncaughtExceptionHandler next;

  /**
   * A handler.
   *
   * @param pstore dumps
   * @param log what it dumps; receives a line about the error first
   * @param next told of everything afterwards; null for nobody
   */
  public UncaughtErrors(Pstore pstore, LogRing log, Thread.UncaughtExceptionHandler next) {
    this.pstore = Objects.requireNonNull(pstore, "pstore");
    this.log = Objects.requireNonNull(log, "log");
    this.next = next;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    try {
      if (thrown instanceof Error) {
        log.append(LEVEL_ALERT, "a thread ended with an error:");
        log.append(LEVEL_ALERT, thread.getName());
        log.append(LEVEL_ALERT, thrown.getClass().getName());
        logStack(thrown);
        pstore.dump(DumpReason.OOPS);
      }
    } finally {
      if (next != null) {
        next.uncaughtException(thread, thrown);
      }
    }
  }

  private void logStack(Throwable thrown) {
    try {
      log.append(LEVEL_ALERT, String.valueOf(thrown.getMessage()));
      for (StackTraceElement frame : thrown.getStackTrace()) {
        log.append(LEVEL_ALERT, frame.toString());
      }
    } catch (OutOfMemoryError e) {
      log.append(LEVEL_ALERT, "no memory for its stack");
    }
  }
}
