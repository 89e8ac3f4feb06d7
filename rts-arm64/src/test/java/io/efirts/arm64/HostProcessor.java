// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64;

import io.efirts.arm64.context.SchedulerHooks;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import java.util.concurrent.atomic.AtomicInteger;

/** A scheduler of one processor, on which every task could be preempted; it only counts. */
public final class HostProcessor implements SchedulerHooks {
  private final AtomicInteger disabled = new AtomicInteger();
  private final Arm64Vcpu vcpu;

  /** A scheduler of a processor. */
  public HostProcessor(Arm64Vcpu vcpu) {
    this.vcpu = vcpu;
  }

  /** How often migration or preemption was disabled and not enabled again. */
  public int disabled() {
    return disabled.get();
  }

  @Override
  public Arm64Vcpu currentVcpu() {
    return vcpu;
  }

  @Override
  public boolean isPreemptible() {
    return true;
  }

  @Override
  public boolean usesSoftwarePan() {
    return false;
  }

  @Override
  public void migrateDisable() {
    disabled.incrementAndGet();
  }

  @Override
  public void migrateEnable() {
    disabled.decrementAndGet();
  }

  @Override
  public void preemptDisable() {
    disabled.incrementAndGet();
  }

  @Override
  public void preemptEnable() {
    disabled.decrementAndGet();
  }
}
