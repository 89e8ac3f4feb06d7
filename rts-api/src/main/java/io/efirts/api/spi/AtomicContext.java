// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

/**
 * Tells whether the current thread may wait: the embedder's counterpart of a kernel's preemption
 * count. A thread that holds a spin lock, handles an interrupt or runs a scheduler must not.
 */
@FunctionalInterface
public interface AtomicContext {
  /** For embedders whose threads may always wait. */
  AtomicContext NEVER = () -> false;

  /**
   * Whether the current thread must not wait. Asked before every call that could; must not block,
   * lock or allocate.
   *
   * @return true if a call that would wait is to be refused
   */
  boolean mustNotWait();
}
