// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

/**
 * Told when a call that nobody waits for has ended.
 *
 * <p>Runs on one of the dispatcher's own threads, after the results were copied out. It holds up
 * every later call until it returns, and must not make a blocking call: that is refused with {@link
 * Outcome#WOULD_BLOCK}. What it throws is reported to the dispatcher's listener and ends there.
 */
@FunctionalInterface
public interface CompletionHandler {
  /**
   * The call has ended.
   *
   * @param result how
   */
  void completed(CallResult result);
}
