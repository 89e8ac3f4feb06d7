// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

/**
 * Told of every state change of gate, call and deferred lane, on the thread that made it, right
 * after it: by stopping there a test decides how threads interleave, by throwing there it kills a
 * worker.
 *
 * <p>For tests. A dispatcher without a hook, the default, pays one look at a constant per change.
 * Changes of the variable store are changes of its {@link NvStorage} and are watched there.
 */
@FunctionalInterface
public interface StepHook {
  /**
   * A step was made by the current thread.
   *
   * @param step which one
   */
  void made(Step step);
}
