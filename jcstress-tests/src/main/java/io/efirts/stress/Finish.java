// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

/** Tells one actor that the other is through with its steps. */
public final class Finish {
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private volatile boolean reached;

  /** The other actor is through. */
  public void reach() {
    reached = true;
  }

  /**
   * Whether the other actor is through.
   *
   * @return true from then on
   */
  public boolean reached() {
    return reached;
  }

  /**
   * Waits for the other actor, at most a second.
   *
   * @return whether it is through
   */
  public boolean await() {
    long start = System.nanoTime();
    while (!reached && System.nanoTime() - start < PATIENCE_NANOS) {
      Thread.onSpinWait();
    }
    return reached;
  }
}
