// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

/** Whoever watches over what nobody waits for. Implemented above, woken from below. */
@FunctionalInterface
public interface Watchman {
  /**
   * There is something to watch, or to tell. Any thread; does not block or allocate. Makes no
   * system call while the watch is awake.
   */
  void wake();
}
