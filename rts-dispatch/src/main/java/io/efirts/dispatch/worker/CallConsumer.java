// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

/**
 * Who takes calls off the ring: a thread of its own, or whoever pumps.
 *
 * <p>Any thread may call any method.
 */
public interface CallConsumer {
  /** Starts taking calls; once. */
  void start();

  /**
   * Whether the current thread is the one that makes queued calls at this moment: it cannot wait
   * for one.
   *
   * @return true on the worker's thread, or on a thread that is pumping
   */
  boolean isCurrent();

  /**
   * Whether calls can still be taken.
   *
   * @return false before the start and after the end
   */
  boolean isAlive();

  /**
   * Takes one call on the current thread, if that is how this consumer works.
   *
   * @return true if it took one
   */
  boolean pump();

  /** Takes no further calls. Does not wait. */
  void halt();

  /**
   * Waits for the end.
   *
   * @param nanos longest wait, 0 or less for none
   * @return true if it has ended
   * @throws InterruptedException if the current thread is interrupted
   */
  boolean join(long nanos) throws InterruptedException;
}
