// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

/** Who gets the result of a call that nobody waits for: implemented above, called from below. */
public interface Delivery {
  /**
   * Delivers the result of a call that has ended, unless that was done before or waits for its
   * caller to ask. Any thread of the dispatcher's; contains what a handler throws.
   *
   * @param call the call
   * @param generation the generation that has ended
   */
  void deliver(DispatchCall call, long generation);
}
