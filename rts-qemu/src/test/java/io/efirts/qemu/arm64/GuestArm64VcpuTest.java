// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.FpsimdImage;
import io.efirts.qemu.agent.AgentArch;
import io.efirts.qemu.agent.FakeAgent;
import io.efirts.qemu.agent.FakeHost;
import io.efirts.qemu.agent.ManualClock;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Registers lie where the agent loads and stores them, and are read back. */
class GuestArm64VcpuTest {
  private final FakeAgent guest = FakeAgent.announced(AgentArch.AARCH64);
  private final GuestArm64Vcpu vcpu =
      new GuestArm64Vcpu(
          guest.agent(new FakeHost(/* interrupts= */ false), new ManualClock()).registers(false));
  private long next = 0x1111_0000_0000_0001L;

  @Test
  void generalRegistersFollowEachOther() {
    assertLiesAt(
        "REG_X0", value -> vcpu.set(Arm64Register.X0, value), () -> vcpu.get(Arm64Register.X0));
    assertLiesAt(
        "REG_X30", value -> vcpu.set(Arm64Register.X30, value), () -> vcpu.get(Arm64Register.X30));
    assertLiesAt(
        "REG_SP", value -> vcpu.set(Arm64Register.SP, value), () -> vcpu.get(Arm64Register.SP));
    for (Arm64Register register : Arm64Register.values()) {
      vcpu.set(register, register.ordinal());
    }
    for (Arm64Register register : Arm64Register.values()) {
      assertEquals(register.ordinal(), vcpu.get(register));
    }
    assertEquals(0, guest.callRegister("REG_X0"));
    assertEquals(30, guest.callRegister("REG_X30"));
  }

  @Test
  void systemRegisters() {
    assertLiesAt("REG_PC", vcpu::loadPc, vcpu::pc);
    assertLiesAt("REG_TTBR0", vcpu::loadAddressSpaceRoot, vcpu::addressSpaceRoot);
    assertLiesAt("REG_TCR", vcpu::loadTcr, vcpu::tcr);
    assertLiesAt("REG_MAIR", vcpu::loadMair, vcpu::mair);
    assertLiesAt("REG_SCTLR", vcpu::loadSctlr, vcpu::sctlr);
    assertLiesAt("REG_CPACR", vcpu::loadCpacr, vcpu::cpacr);
  }

  private void assertLiesAt(String name, LongConsumer load, LongSupplier read) {
    long loaded = next++;
    load.accept(loaded);
    assertEquals(loaded, guest.callRegister(name), name);
    long stored = next++;
    guest.callRegister(name, stored);
    assertEquals(stored, read.getAsLong(), name);
  }

  @Test
  void ofThePstateOnlyTheMaskCounts() {
    vcpu.loadDaif(-1);
    assertEquals(0x3C0, guest.callRegister("REG_PSTATE"));
    guest.callRegister("REG_PSTATE", 0x6000_03C5L);
    assertEquals(0x3C0, vcpu.daif());
    vcpu.loadDaif(0);
    assertEquals(0, vcpu.daif());
  }

  @Test
  void aRootKeepsTranslationsAndAFlagForgetsThem() {
    vcpu.loadAddressSpaceRoot(0x5000);
    assertEquals(0, guest.callRegister("REG_FLUSH"));
    vcpu.flushTranslations();
    assertEquals(1, guest.callRegister("REG_FLUSH"));
  }

  @Test
  void floatingPointLiesWhereTheAgentStoresIt() {
    MemorySegment image = FpsimdImage.initial();
    image.asSlice(0, FpsimdImage.V_COUNT * FpsimdImage.V_BYTES).fill((byte) 0x5A);
    FpsimdImage.fpsr(image, 0x0800_0001);
    FpsimdImage.fpcr(image, 0x0300_0000);
    vcpu.loadFpState(image);
    assertEquals(0x5A5A_5A5A_5A5A_5A5AL, guest.callRegister("REG_FP"));
    assertEquals(0x0300_0000_0800_0001L, guest.callRegister("REG_FPSR"));
    MemorySegment back = MemorySegment.ofArray(new byte[FpsimdImage.BYTES]);
    vcpu.saveFpState(back);
    assertEquals(-1, back.mismatch(image));
  }

  @Test
  void theNextCallLoadsFloatingPointIfSomethingWasLoaded() {
    assertFalse(vcpu.takeFloatingPoint());
    vcpu.saveFpState(FpsimdImage.initial());
    assertFalse(vcpu.takeFloatingPoint(), "saving changes nothing");
    vcpu.loadFpState(FpsimdImage.initial());
    assertTrue(vcpu.takeFloatingPoint());
    assertFalse(vcpu.takeFloatingPoint(), "once");
  }

  @Test
  void thereIsNeitherSveNorSme() {
    vcpu.loadSvcr(3);
    assertEquals(0, vcpu.svcr());
    assertEquals(0, vcpu.vectorStateBytes());
  }
}
