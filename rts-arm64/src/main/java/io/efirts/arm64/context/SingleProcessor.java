// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.arm64.vcpu.Arm64Vcpu;
import java.util.Objects;

/** Where there is no scheduler: one processor that belongs to whoever has the gate. */
record SingleProcessor(Arm64Vcpu vcpu) implements SchedulerHooks {
  SingleProcessor {
    Objects.requireNonNull(vcpu, "vcpu");
  }

  @Override
  public Arm64Vcpu currentVcpu() {
    return vcpu;
  }

  @Override
  public boolean isPreemptible() {
    return false;
  }

  @Override
  public boolean usesSoftwarePan() {
    return false;
  }

  @Override
  public void migrateDisable() {}

  @Override
  public void migrateEnable() {}

  @Override
  public void preemptDisable() {}

  @Override
  public void preemptEnable() {}
}
