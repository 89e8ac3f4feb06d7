// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;

/**
 * The machine behind a fake agent. It has no thread: what happens in the guest, and on other
 * threads of the host, happens when the thread under test looks at the machine.
 */
public final class FakeHost implements AgentHost {
  private final Deque<Runnable> looks = new ArrayDeque<>();
  private Runnable always;
  private Runnable onBegin = () -> {};
  private Runnable onKeepRunning = () -> {};
  private Runnable onSeize = () -> {};
  private Runnable onUnwind = () -> {};
  private boolean alive = true;
  private boolean canBegin = true;
  private boolean canSeize = true;
  private boolean canUnwind = true;
  private final boolean interrupts;
  private int uses;
  private int endedUses;
  private int unwinds;
  private int crashUnwinds;

  /**
   * A machine.
   *
   * @param interrupts whether it unwinds by interrupts
   */
  public FakeHost(boolean interrupts) {
    this.interrupts = interrupts;
  }

  /** Says what happens at the next looks, in this order. A look that is not foreseen fails. */
  public FakeHost look(Runnable... steps) {
    Collections.addAll(looks, steps);
    return this;
  }

  /** Says what happens at every look after those. */
  public FakeHost lookAlways(Runnable step) {
    always = step;
    return this;
  }

  FakeHost onBegin(Runnable step) {
    onBegin = step;
    return this;
  }

  FakeHost onKeepRunning(Runnable step) {
    onKeepRunning = step;
    return this;
  }

  FakeHost onSeize(Runnable step) {
    onSeize = step;
    return this;
  }

  /** Says what an attempt to unwind does. */
  public FakeHost onUnwind(Runnable step) {
    onUnwind = step;
    return this;
  }

  /** Ends the machine. */
  public void die() {
    alive = false;
  }

  FakeHost cannotBegin() {
    canBegin = false;
    return this;
  }

  FakeHost cannotSeize() {
    canSeize = false;
    return this;
  }

  FakeHost cannotUnwind() {
    canUnwind = false;
    return this;
  }

  int uses() {
    return uses;
  }

  int endedUses() {
    return endedUses;
  }

  int unwinds() {
    return unwinds;
  }

  int crashUnwinds() {
    return crashUnwinds;
  }

  /** How many of the steps have not happened. */
  public int looksLeft() {
    return looks.size();
  }

  @Override
  public boolean isAlive() {
    Runnable step = looks.isEmpty() ? always : looks.poll();
    if (step != null) {
      step.run();
    } else if (alive && canBegin && canSeize) {
      throw new AssertionError("nothing was said about this look at the machine");
    }
    return alive;
  }

  @Override
  public boolean beginUse() {
    onBegin.run();
    if (canBegin) {
      uses++;
    }
    return canBegin;
  }

  @Override
  public void keepRunning() {
    onKeepRunning.run();
  }

  @Override
  public void endUse() {
    endedUses++;
  }

  @Override
  public boolean seize() {
    onSeize.run();
    return canSeize;
  }

  @Override
  public boolean unwind(Agent agent, boolean crash) {
    unwinds++;
    crashUnwinds += crash ? 1 : 0;
    onUnwind.run();
    return canUnwind;
  }

  @Override
  public boolean unwindsByInterrupt() {
    return interrupts;
  }
}
