// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.arm64.vcpu.Arm64Vcpu;

/** A scheduler that only counts; what it answers is set by the test. */
final class CountingScheduler implements SchedulerHooks {
  Arm64Vcpu current;
  boolean preemptible = true;
  boolean softwarePan;
  int migrateDepth;
  int preemptDepth;

  CountingScheduler(Arm64Vcpu current) {
    this.current = current;
  }

  @Override
  public Arm64Vcpu currentVcpu() {
    return current;
  }

  @Override
  public boolean isPreemptible() {
    return preemptible && preemptDepth == 0;
  }

  @Override
  public boolean usesSoftwarePan() {
    return softwarePan;
  }

  @Override
  public void migrateDisable() {
    migrateDepth++;
  }

  @Override
  public void migrateEnable() {
    migrateDepth--;
  }

  @Override
  public void preemptDisable() {
    preemptDepth++;
  }

  @Override
  public void preemptEnable() {
    preemptDepth--;
  }
}
