// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.qemu.agent.AgentArch;
import io.efirts.qemu.agent.FakeAgent;
import io.efirts.qemu.agent.FakeHost;
import io.efirts.qemu.agent.ManualClock;
import io.efirts.x86.vcpu.Cr3;
import io.efirts.x86.vcpu.FxsaveImage;
import io.efirts.x86.vcpu.X86Register;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Registers lie where the agent loads and stores them, and are read back. */
class GuestX86VcpuTest {
  private final FakeAgent guest = FakeAgent.announced(AgentArch.X86_64);
  private final GuestX86Vcpu vcpu =
      new GuestX86Vcpu(
          guest.agent(new FakeHost(/* interrupts= */ true), new ManualClock()).registers(false));
  private long next = 0x1111_0000_0000_0001L;

  @Test
  void generalRegisters() {
    for (X86Register register : X86Register.values()) {
      assertLiesAt("REG_" + register, value -> vcpu.set(register, value), () -> vcpu.get(register));
    }
    for (X86Register register : X86Register.values()) {
      assertEquals(guest.callRegister("REG_" + register), vcpu.get(register), "none shares");
    }
  }

  @Test
  void systemRegisters() {
    assertLiesAt("REG_RIP", vcpu::loadRip, vcpu::rip);
    assertLiesAt("REG_RFLAGS", vcpu::loadRflags, vcpu::rflags);
    assertLiesAt("REG_CR0", vcpu::loadCr0, vcpu::cr0);
    assertLiesAt("REG_CR3", vcpu::loadAddressSpaceRoot, vcpu::addressSpaceRoot);
    assertLiesAt("REG_CR4", vcpu::loadCr4, vcpu::cr4);
    assertLiesAt("REG_EFER", vcpu::loadEfer, vcpu::efer);
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
  void aRootForgetsTranslationsAndNeverHasBit63() {
    vcpu.loadAddressSpaceRoot(0x5000 | Cr3.NO_FLUSH);
    assertEquals(0x5000, vcpu.addressSpaceRoot());
    assertEquals(1, guest.callRegister("REG_FLUSH"));
  }

  @Test
  void translationsAreForgottenByAFlag() {
    assertEquals(0, guest.callRegister("REG_FLUSH"));
    vcpu.flushTranslations();
    assertEquals(1, guest.callRegister("REG_FLUSH"));
  }

  @Test
  void floatingPointLiesWhereFxsavePutsIt() {
    MemorySegment image = MemorySegment.ofArray(new byte[FxsaveImage.BYTES + 1]).asSlice(1);
    for (int i = 0; i < FxsaveImage.BYTES; i++) {
      image.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 7));
    }
    vcpu.loadFpState(image);
    assertEquals(0x312A_231C_150E_0700L, guest.callRegister("REG_FP"));
    MemorySegment back = MemorySegment.ofArray(new byte[FxsaveImage.BYTES]);
    vcpu.saveFpState(back);
    assertEquals(-1, back.mismatch(image));
  }

  @Test
  void controlWordsArePartOfIt() {
    vcpu.loadFpState(FxsaveImage.initial());
    assertEquals(FxsaveImage.INITIAL_FCW, vcpu.fpuControlWord());
    assertEquals(FxsaveImage.INITIAL_MXCSR, vcpu.mxcsr());
    vcpu.loadFpuControlWord(0xF27F);
    vcpu.loadMxcsr(0xFFFF_9FC0L);
    assertEquals(0xF27F, vcpu.fpuControlWord(), "16 bits without sign");
    assertEquals(0xFFFF_9FC0L, vcpu.mxcsr(), "32 bits without sign");
    assertEquals(0xF27F, guest.callRegister("REG_FP") & 0xFFFF);
  }

  @Test
  void theNextCallLoadsFloatingPointIfSomethingWasLoaded() {
    assertFalse(vcpu.takeFloatingPoint());
    vcpu.saveFpState(FxsaveImage.initial());
    assertFalse(vcpu.takeFloatingPoint(), "saving changes nothing");
    vcpu.loadFpState(FxsaveImage.initial());
    assertTrue(vcpu.takeFloatingPoint());
    assertFalse(vcpu.takeFloatingPoint(), "once");
    vcpu.loadMxcsr(FxsaveImage.INITIAL_MXCSR);
    assertTrue(vcpu.takeFloatingPoint());
    vcpu.loadFpuControlWord(FxsaveImage.INITIAL_FCW);
    assertTrue(vcpu.takeFloatingPoint());
  }
}
