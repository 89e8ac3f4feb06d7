// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * I-13: what counts as broken is told by where the processor is. A call that a fault unwound in the
 * middle of its code is blamed for nothing but an overflown stack; everything is restored all the
 * same.
 */
class UnwoundCallTest {
  private static final long RETURN_ADDRESS = TestMachine.FIRMWARE_CODE + 0x800;
  private static final long SOMEWHERE_INSIDE = TestMachine.FIRMWARE_CODE + 0x124;

  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final Map<String, Long> host = VcpuState.of(vcpu);

  private int breakAllButTheCanary(Arm64FirmwareContext context) {
    int kinds = 0;
    for (Corruption corruption : Corruption.values()) {
      if (corruption.isOfRegisters()) {
        corruption.make(machine, context.memory());
        kinds |= corruption.kind().bit();
      }
    }
    return kinds;
  }

  private void assertUnwound(Arm64FirmwareContext context) {
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    breakAllButTheCanary(context);
    vcpu.loadPc(SOMEWHERE_INSIDE);
    assertEquals(0, context.leave(area));
    assertEquals(host, VcpuState.of(vcpu));
  }

  @Test
  void aCallThatWasUnwoundIsBlamedForNothing() {
    assertUnwound(machine.context(machine.space()));
  }

  @Test
  void alsoWhereItWouldReturnToAnAddressOfItsOwn() {
    assertUnwound(machine.contextBuilder(machine.space()).returnAddress(RETURN_ADDRESS).build());
  }

  @Test
  void aCallThatCameBackToTheReturnAddressIsBlamed() {
    Arm64FirmwareContext context =
        machine.contextBuilder(machine.space()).returnAddress(RETURN_ADDRESS).build();
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    assertEquals(RETURN_ADDRESS, vcpu.pc());
    int kinds = breakAllButTheCanary(context);
    assertEquals(kinds, context.leave(area));
    assertEquals(host, VcpuState.of(vcpu), "PC too");
  }

  @Test
  void aStackThatOverflowedIsToldEvenThen() {
    Arm64FirmwareContext context = machine.context(machine.space());
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    Corruption.STACK_OVERFLOW.make(machine, context.memory());
    vcpu.loadPc(SOMEWHERE_INSIDE);
    assertEquals(ContextRepair.STACK.bit(), context.leave(area));
    assertEquals(host, VcpuState.of(vcpu));
  }
}
