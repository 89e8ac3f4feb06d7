// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

/** One call that stays inside firmware until it is released. */
final class Stuck {
  private final Scene scene;
  private final int number;
  private volatile Thread thread;
  private volatile boolean released;

  /** Holds the call with a number, counted over all entries; 0 for none. */
  Stuck(Scene scene, int number) {
    this.scene = scene;
    this.number = number;
  }

  /** A call is inside: it stays, if it is the one. */
  void pass(int entry) {
    if (entry == number) {
      thread = Thread.currentThread();
      scene.stage().moved();
      scene.until("released", () -> released);
    }
  }

  /** Whose call is inside, or was; null before. */
  Thread thread() {
    return thread;
  }

  boolean isInside() {
    return thread != null && !released;
  }

  void release() {
    released = true;
    scene.stage().moved();
  }

  /** Adds an actor that releases after a random while. */
  void releaseSometime(int mostTurns) {
    scene.actor(
        "releaser",
        () -> {
          scene.until("stuck, or nothing left", () -> thread != null || scene.allEnded());
          scene.dawdle(mostTurns);
          release();
        });
  }
}
