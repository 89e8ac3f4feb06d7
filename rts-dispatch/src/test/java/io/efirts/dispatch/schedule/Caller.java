// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.Outcome;
import java.util.ArrayList;
import java.util.List;

/** An actor that makes a few calls in random ways, one after the other. */
final class Caller {
  private static final Style[] STYLES = Style.values();

  private final Scene scene;
  private final int number;
  private final List<TaggedCall> calls = new ArrayList<>();
  private volatile Thread thread;
  private volatile boolean madeAll;
  private volatile boolean interrupted;
  private boolean sawInterrupt;

  Caller(Scene scene, int number) {
    this.scene = scene;
    this.number = number;
  }

  void run() {
    thread = Thread.currentThread();
    for (int i = 0; i < number; i++) {
      Style style = STYLES[scene.choose(STYLES.length)];
      TaggedCall call =
          new TaggedCall(
              scene.nextTag(), style, scene.chance(3) ? Scene.DEADLINE : null, scene.chance(4));
      calls.add(call);
      call.make(scene.dispatcher(), scene.stage()::pause);
      boolean flag = Thread.interrupted();
      sawInterrupt |= flag;
      if (call.hasEnded() && call.result().outcome() == Outcome.INTERRUPTED) {
        assertTrue(flag, () -> call + " must keep the flag");
      }
      scene.stage().moved();
    }
    finish();
  }

  private synchronized void finish() {
    madeAll = true;
    sawInterrupt |= Thread.interrupted();
  }

  /** Interrupts the caller, if it is still calling. */
  synchronized void interrupt() {
    if (thread != null && !madeAll) {
      interrupted = true;
      thread.interrupt();
      scene.stage().moved();
    }
  }

  /** The actor's thread, null before its first turn. */
  Thread thread() {
    return thread;
  }

  /** Whether all its calls were made and have ended. */
  boolean hasEnded() {
    return madeAll && calls.stream().allMatch(TaggedCall::hasEnded);
  }

  @Override
  public String toString() {
    return (madeAll ? "made all of " : "makes ") + calls;
  }

  /** I-6: besides the calls themselves, an interrupt is not lost. */
  void check(Ending ending, EntryLog log) {
    calls.forEach(call -> call.check(ending, log));
    assertTrue(!interrupted || sawInterrupt, "an interrupt must be kept");
  }
}
