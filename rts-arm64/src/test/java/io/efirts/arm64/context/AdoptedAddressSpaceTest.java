// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may be preempted inside, and what keeps everybody else on the processor. */
class AdoptedAddressSpaceTest {
  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final CountingScheduler scheduler = new CountingScheduler(vcpu);

  private Arm64FirmwareContext context() {
    return machine.contextBuilder(machine.space(), scheduler).build();
  }

  private void assertCall(
      Arm64FirmwareContext context, int migrateDepth, int preemptDepth, boolean underWay) {
    FirmwareContext.SaveArea area = context.newSaveArea();
    Map<String, Long> before = VcpuState.of(vcpu);
    context.enter(area);
    assertEquals(migrateDepth, scheduler.migrateDepth);
    assertEquals(preemptDepth, scheduler.preemptDepth);
    if (context.preemption() == Preemption.PREEMPTIBLE) {
      assertEquals(underWay, context.adoptedSpace().isCallUnderWay());
    }
    assertEquals(0, context.leave(area));
    assertEquals(0, scheduler.migrateDepth);
    assertEquals(0, scheduler.preemptDepth);
    assertEquals(before, VcpuState.of(vcpu));
  }

  @Test
  void whoAdoptedItKeepsItAndStaysPreemptible() {
    Arm64FirmwareContext context = context();
    assertEquals(Preemption.PREEMPTIBLE, context.preemption());
    context.adoptedSpace().adopt(vcpu);
    assertCall(context, 1, 0, true);
    assertFalse(context.adoptedSpace().isCallUnderWay());
  }

  @Test
  void anybodyElseDisablesPreemption() {
    assertCall(context(), 0, 1, false);
  }

  @Test
  void soDoesAnInterruptOnTopOfTheWorker() {
    Arm64FirmwareContext context = context();
    context.adoptedSpace().adopt(vcpu);
    scheduler.preemptible = false;
    assertCall(context, 0, 1, false);
  }

  @Test
  void underSoftwarePanNothingIsAdoptedAndItSaysSo() {
    scheduler.softwarePan = true;
    Arm64FirmwareContext context = context();
    assertEquals(Preemption.SOFTWARE_PAN, context.preemption());
    assertTrue(context.preemption().toString().contains("software PAN"));
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, context::adoptedSpace);
    assertEquals(
        "an address space is adopted for preemptible calls only: preemption=SOFTWARE_PAN",
        refused.getMessage());
    vcpu.loadAddressSpaceRoot(machine.space().tables().root());
    assertCall(context, 0, 1, false);
  }

  @Test
  void withoutASchedulerThereIsNothingToBePreemptedBy() {
    Arm64FirmwareContext context = machine.context(machine.space());
    assertEquals(Preemption.NO_SCHEDULER, context.preemption());
    assertThrows(IllegalStateException.class, context::adoptedSpace);
    assertCall(context, 0, 0, false);
  }

  @Test
  void betweenCallsTheWorkerMayMove() {
    Arm64FirmwareContext context = context();
    context.adoptedSpace().adopt(vcpu);
    assertCall(context, 1, 0, true);
    ModelArm64Vcpu other = machine.processor();
    scheduler.current = other;
    context.adoptedSpace().switchedIn(other);
    FirmwareContext.SaveArea area = context.newSaveArea();
    Map<String, Long> before = VcpuState.of(other);
    context.enter(area);
    assertEquals(machine.stacks().start(1), VcpuState.of(other).get("SP"));
    context.leave(area);
    assertEquals(before, VcpuState.of(other));
  }
}
