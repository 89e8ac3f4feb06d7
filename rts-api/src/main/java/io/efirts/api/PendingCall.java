// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

/**
 * A call that was started and that nobody waits for: one caller's handle, used for one call after
 * the other.
 *
 * <pre>
 *  idle --start--> pending --ends--> delivered --start--> pending ...
 * </pre>
 *
 * <p>A call started with a handle without a handler is delivered by {@link #poll}; with a handler,
 * by one of the dispatcher's threads, which copies out and then calls the handler. Exactly once in
 * both cases, however the call ends.
 *
 * <p>Started and polled by one thread at a time; {@link #cancel} may be called by any thread. No
 * method blocks, allocates or takes a lock.
 */
public interface PendingCall {
  /**
   * How the call ended. Without a handler, the first look that finds the call ended copies its
   * results to where the caller wants them.
   *
   * @return the result of the last call that was started, also after it was delivered or refused;
   *     null while it is pending
   * @throws IllegalStateException if no call was ever started with this handle
   */
  CallResult poll();

  /**
   * Withdraws the call, if firmware was not entered yet. It then ends as {@link Outcome#CANCELLED}.
   *
   * @return true if this call withdrew it; false if it is being made or has ended
   */
  boolean cancel();

  /**
   * Whether a call was started and is not delivered yet.
   *
   * @return true from a successful start until delivery
   */
  boolean isPending();
}
