// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.story;

import io.efirts.arm64.context.SchedulerHooks;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.Daif;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.util.function.Consumer;

/**
 * A kernel's scheduler with one task that matters, and others that take the processor from it. A
 * task is whatever the test's thread does at the time.
 */
final class HostScheduler implements SchedulerHooks {
  private final long otherRoot;
  private final boolean softwarePan;
  private ModelArm64Vcpu current;
  private boolean handlingInterrupt;
  private int migrateDisabled;
  private int preemptDisabled;

  /** What is done when the task is switched in again; the address space is up to it. */
  private Consumer<Arm64Vcpu> switchedIn = vcpu -> {};

  HostScheduler(ModelArm64Vcpu first, long otherRoot, boolean softwarePan) {
    this.current = first;
    this.otherRoot = otherRoot;
    this.softwarePan = softwarePan;
  }

  void onSwitchedIn(Consumer<Arm64Vcpu> hook) {
    switchedIn = hook;
  }

  @Override
  public Arm64Vcpu currentVcpu() {
    return current;
  }

  @Override
  public boolean isPreemptible() {
    return preemptDisabled == 0 && !handlingInterrupt;
  }

  @Override
  public boolean usesSoftwarePan() {
    return softwarePan;
  }

  @Override
  public void migrateDisable() {
    migrateDisabled++;
  }

  @Override
  public void migrateEnable() {
    migrateDisabled--;
  }

  @Override
  public void preemptDisable() {
    preemptDisabled++;
  }

  @Override
  public void preemptEnable() {
    preemptDisabled--;
  }

  boolean isMigrationDisabled() {
    return migrateDisabled != 0;
  }

  boolean isIdleAgain() {
    return migrateDisabled == 0 && preemptDisabled == 0;
  }

  /**
   * The timer ticks: another task runs on the processor, with an address space of its own, and uses
   * every register; then the task goes on. False if it could not be preempted.
   */
  boolean tick(Runnable otherTask) {
    return tickAndResumeOn(current, otherTask);
  }

  /** The same, but the task goes on on another processor. */
  boolean tickAndResumeOn(ModelArm64Vcpu next, Runnable otherTask) {
    if (!isPreemptible() || (current.daif() & Daif.I) != 0) {
      return false;
    }
    TaskState task = new TaskState(current);
    ModelArm64Vcpu left = current;
    current.loadAddressSpaceRoot(otherRoot);
    Registers.fill(current, 0x0D);
    otherTask.run();
    if (next != left) {
      TaskState itsOwn = new TaskState(next);
      try {
        putOn(next, task);
        return true;
      } catch (IllegalStateException refused) {
        itsOwn.load(next);
        putOn(left, task);
        throw refused;
      }
    }
    putOn(left, task);
    return true;
  }

  private void putOn(ModelArm64Vcpu vcpu, TaskState task) {
    task.load(vcpu);
    switchedIn.accept(vcpu);
    current = vcpu;
  }

  /** A device interrupts, whatever the task masks: the handler runs on top of it. */
  void interrupt(Runnable handler) {
    long daif = current.daif();
    handlingInterrupt = true;
    current.loadDaif(Daif.MASK);
    handler.run();
    current.loadDaif(daif);
    handlingInterrupt = false;
  }
}
