// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.event;

/** Told of what happens in a dispatcher, off the path of any call. */
@FunctionalInterface
public interface DispatcherListener {
  /**
   * Something happened. Called by one thread at a time, one of the dispatcher's own or the one that
   * pumps, later than the event itself. It holds up the watch over calls that nobody waits for
   * until it returns. What it throws is counted and ends there.
   *
   * @param event what happened
   */
  void on(DispatcherEvent event);
}
