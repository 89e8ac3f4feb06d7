// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

/**
 * The embedder's way to defer a cooperative stop of the current thread, as disabling interrupts
 * defers a stop request on a processor: while disabled, the embedder does not stop this thread, so
 * it cannot be stopped while it holds the gate.
 *
 * <p>Called on any thread that takes the gate, also on crash paths: must neither block, allocate,
 * lock nor throw. It cannot hold back the operating system or a safepoint; seizing the gate is for
 * those.
 */
public interface InterruptControl {
  /** For embedders without cooperative stops: does nothing. */
  InterruptControl NONE =
      new InterruptControl() {
        @Override
        public long disable() {
          return 0;
        }

        @Override
        public void restore(long previous) {}
      };

  /**
   * Defers stop requests for the current thread.
   *
   * @return the previous state, for {@link #restore}
   */
  long disable();

  /**
   * Goes back to a previous state, which may be "disabled" when calls nest.
   *
   * @param previous what the matching {@link #disable} returned
   */
  void restore(long previous);
}
