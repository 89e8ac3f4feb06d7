// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

/**
 * Which thread is running an embedder's completion handler outside the worker, if any.
 *
 * <p>Plain: the one question asked is whether it is the current thread, and a thread always sees
 * its own last write; of another thread's it can only read a name that is not its own.
 */
public final class HandlerThread {
  private Thread thread;

  /** Nobody. */
  public HandlerThread() {}

  /** The current thread enters a handler. */
  public void enter() {
    thread = Thread.currentThread();
  }

  /** The current thread has left it. */
  public void leave() {
    thread = null;
  }

  /**
   * Whether the current thread is in a handler.
   *
   * @return true between entering and leaving
   */
  public boolean isCurrent() {
    return thread == Thread.currentThread();
  }
}
