// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import org.junit.jupiter.api.Test;

/** The TLB is emptied when the ASID does not tell the host's translations from firmware's. */
class AsidTest {
  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();

  private void assertFlushes(long inside, long outside, Arm64FirmwareContext context) {
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    assertEquals(inside, vcpu.flushes());
    context.leave(area);
    assertEquals(outside, vcpu.flushes());
  }

  @Test
  void anAsidOfItsOwnKeepsBothsTranslations() {
    assertFlushes(0, 0, machine.context(machine.space()));
  }

  @Test
  void withTheHostsAsidEachSwitchFlushes() {
    assertFlushes(1, 2, machine.context(machine.space(TestMachine.HOST_ASID)));
  }

  @Test
  void soItDoesWhereTheAsidIsThatOfTheUpperHalf() {
    vcpu.loadTcr(vcpu.tcr() | 1L << 22);
    assertFlushes(1, 2, machine.context(machine.space()));
  }

  /** With TCR_EL1.AS clear the upper 8 bits take no part in the match. */
  @Test
  void bitsThatTheProcessorIgnoresTellNothingApart() {
    vcpu.loadTcr(vcpu.tcr() & ~(1L << 36));
    vcpu.loadAddressSpaceRoot(vcpu.addressSpaceRoot() | 0x100L << 48);
    assertFlushes(1, 2, machine.context(machine.space(TestMachine.HOST_ASID)));
  }

  @Test
  void translationsOfTablesThatFirmwareLoadedItselfAreForgotten() {
    Arm64FirmwareContext context = machine.context(machine.space());
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    Corruption.TTBR0.make(machine, null);
    context.leave(area);
    assertEquals(1, vcpu.flushes());
    assertEquals(machine.hostRoot(), vcpu.addressSpaceRoot());
  }
}
