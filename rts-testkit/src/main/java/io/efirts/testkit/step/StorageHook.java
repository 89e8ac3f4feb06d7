// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

/** Told by a {@link SteppedStorage} of each of its steps, on the thread that operates on it. */
@FunctionalInterface
public interface StorageHook {
  /**
   * The current thread is at a step.
   *
   * @param step which one
   * @throws io.efirts.api.spi.StorageException to let the operation fail there
   */
  void reached(StorageStep step);
}
