// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * I-13: what counts as broken is told by where the processor is. A call that a fault unwound in the
 * middle of its code is blamed for nothing but an overflown stack; everything is restored all the
 * same.
 */
class UnwoundCallTest {
  private static final long RETURN_ADDRESS = TestMachine.FIRMWARE_CODE + 0x800;
  private static final long SOMEWHERE_INSIDE = TestMachine.FIRMWARE_CODE + 0x123;

  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
  private final ModelX86Vcpu vcpu = machine.vcpu();
  private final Map<String, Long> host = VcpuState.of(vcpu);

  private static int breakAllButTheCanary(ModelX86Vcpu vcpu) {
    int kinds = 0;
    for (Corruption corruption : Corruption.values()) {
      if (corruption != Corruption.STACK_OVERFLOW) {
        corruption.make(vcpu, null);
        kinds |= corruption.kind().bit();
      }
    }
    return kinds;
  }

  private void assertUnwound(X86FirmwareContext context) {
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    breakAllButTheCanary(vcpu);
    vcpu.loadRip(SOMEWHERE_INSIDE);
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
    X86FirmwareContext context =
        machine.contextBuilder(machine.space()).returnAddress(RETURN_ADDRESS).build();
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    assertEquals(RETURN_ADDRESS, vcpu.rip());
    int kinds = breakAllButTheCanary(vcpu);
    assertEquals(kinds, context.leave(area));
    assertEquals(host, VcpuState.of(vcpu), "RIP too");
  }

  @Test
  void aStackThatOverflowedIsToldEvenThen() {
    X86FirmwareContext context = machine.context(machine.space());
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    Corruption.STACK_OVERFLOW.make(vcpu, context.memory());
    vcpu.loadRip(SOMEWHERE_INSIDE);
    assertEquals(ContextRepair.STACK.bit(), context.leave(area));
    assertEquals(host, VcpuState.of(vcpu));
  }
}
