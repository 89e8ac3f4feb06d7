// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

/** What all services that are started and not waited for have in common: the handles. */
public interface AsyncCalls {
  /**
   * A handle whose calls are delivered by {@link PendingCall#poll}. Allocates.
   *
   * @return a new handle, idle
   */
  PendingCall newPendingCall();

  /**
   * A handle whose calls are delivered to a handler. Allocates.
   *
   * @param handler told of each end
   * @return a new handle, idle
   */
  PendingCall newPendingCall(CompletionHandler handler);
}
