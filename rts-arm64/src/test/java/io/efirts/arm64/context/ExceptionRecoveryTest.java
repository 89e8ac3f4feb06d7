// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * I-12: exceptions that firmware's code takes become faults and the caller goes on with its
 * registers; those of the host stay the host's. Syndromes are written as the manual encodes them.
 */
class ExceptionRecoveryTest {
  private static final long RETURN = TestMachine.FIRMWARE_CODE + 0x800;
  private static final long PC = TestMachine.FIRMWARE_CODE + 0x40;
  private static final long HOST_PC = 0xFFFF_8000_0040_2000L;
  private static final int READ_FAULT = 0x9600_0007;

  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final Arm64FirmwareContext context =
      machine.contextBuilder(machine.space()).returnAddress(RETURN).build();
  private final ExceptionRecovery recovery = new ExceptionRecovery(context);
  private final FirmwareContext.SaveArea area = context.newSaveArea();
  private final Map<String, Long> host = VcpuState.of(vcpu);

  /** Firmware in the middle of its code, when an exception is taken. */
  private void inTheMiddle() {
    context.enter(area);
    vcpu.set(Arm64Register.SP, vcpu.get(Arm64Register.SP) - 0x120);
    for (int i = 0; i <= 30; i++) {
      vcpu.set(Arm64Register.of(i), 0x5A00 + i);
    }
    vcpu.loadFpState(Corruption.filledFpState());
    vcpu.loadPc(PC);
    // The processor masks everything when it takes the exception.
    vcpu.loadDaif(0x3C0);
  }

  @ParameterizedTest
  @CsvSource({
    "0x96000004, NOT_MAPPED, READ",
    "0x96000007, NOT_MAPPED, READ",
    "0x96000045, NOT_MAPPED, WRITE",
    "0x86000005, NOT_MAPPED, EXECUTE",
    "0x9600004f, PROTECTION, WRITE",
    "0x8600000f, PROTECTION, EXECUTE",
    "0x9600000b, PROTECTION, READ",
    "0x96000000, NO_MEMORY, READ",
    "0x96000010, NO_MEMORY, READ",
    "0x96000017, NO_MEMORY, READ",
    "0x9600002b, NOT_MAPPED, READ",
    "0x86000029, NO_MEMORY, EXECUTE",
    "0x96000053, NO_MEMORY, WRITE",
    "0x96000021, ALIGNMENT, READ",
    "0x96000061, ALIGNMENT, WRITE"
  })
  void eachAbortHasItsKind(String esr, FaultKind kind, Access access) {
    inTheMiddle();
    int syndrome = (int) (long) Long.decode(esr);
    FirmwareFault fault = recovery.recover(vcpu, syndrome, TestMachine.HOST_DATA, PC);
    assertEquals(kind, fault.kind());
    assertEquals(access, fault.access());
    assertEquals(TestMachine.HOST_DATA, fault.address());
    assertEquals(syndrome, fault.detail());
  }

  @Test
  void anAddressBeyondTheLowerHalfIsNotCanonical() {
    inTheMiddle();
    FirmwareFault fault = recovery.recover(vcpu, READ_FAULT, 1L << 48, PC);
    assertEquals(FaultKind.NON_CANONICAL, fault.kind());
    assertEquals(1L << 48, fault.address());
  }

  @Test
  void aMissedLandingInstructionIsAtTheProgramCounter() {
    inTheMiddle();
    FirmwareFault fault = recovery.recover(vcpu, 0x3600_0001, 0xBAD, PC);
    assertEquals(FaultKind.BRANCH_TARGET, fault.kind());
    assertEquals(PC, fault.address());
    assertEquals(Access.EXECUTE, fault.access());
  }

  @Test
  void anExternalAbortWithoutAnAddressIsAtTheProgramCounter() {
    inTheMiddle();
    FirmwareFault fault = recovery.recover(vcpu, 0x9600_0450, 0xBAD, PC);
    assertEquals(FaultKind.NO_MEMORY, fault.kind());
    assertEquals(PC, fault.address());
    assertEquals(Access.WRITE, fault.access());
  }

  @Test
  void theCallerGoesOnWithItsRegisters() {
    inTheMiddle();
    assertNotNull(recovery.recover(vcpu, READ_FAULT, 0, PC));
    assertEquals(EfiStatusCode.ABORTED, vcpu.get(Arm64Register.X0));
    for (int i = 18; i <= 31; i++) {
      Arm64Register register = Arm64Register.of(i);
      assertEquals(host.get(register.name()), vcpu.get(register), register::name);
    }
    assertEquals(RETURN, vcpu.pc());
    assertEquals(host.get("DAIF"), vcpu.daif());
    assertEquals(0, context.leave(area), "the fault is all there is to tell");
    assertEquals(host, VcpuState.of(vcpu));

    context.enter(area);
    Corruption.X19.make(machine, null);
    assertEquals(
        ContextRepair.PRESERVED_REGISTER.bit(), context.leave(area), "the next call is judged");
  }

  @Test
  void aStackThatOverflowedIntoItsGuardPageIsFirmwaresToo() {
    inTheMiddle();
    long guard = machine.stacks().bottom(0) - 16;
    vcpu.set(Arm64Register.SP, guard);
    assertEquals(FaultKind.NOT_MAPPED, recovery.recover(vcpu, READ_FAULT, guard, PC).kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0xBE000011", "0x02000000", "0xF2000800", "0x96000030", "0x96000011"})
  void whatNobodyCanGoOnAfterIsTheHosts(String esr) {
    inTheMiddle();
    assertNotTaken((int) (long) Long.decode(esr), PC);
  }

  @Test
  void theHostsCodeOnTopOfACallIsTheHosts() {
    inTheMiddle();
    assertNotTaken(READ_FAULT, HOST_PC);
    vcpu.set(Arm64Register.SP, 0xFFFF_8000_1000_0000L);
    assertNotTaken(READ_FAULT, PC);
    vcpu.set(Arm64Register.SP, machine.stacks().bottom(1));
    assertNotTaken(READ_FAULT, PC);
    vcpu.set(Arm64Register.SP, machine.stacks().top(0));
    assertNotTaken(READ_FAULT, PC);
  }

  @Test
  void anotherProcessorIsNotInside() {
    inTheMiddle();
    ModelArm64Vcpu other = machine.processor();
    other.set(Arm64Register.SP, vcpu.get(Arm64Register.SP));
    assertNull(recovery.recover(other, READ_FAULT, 0, PC));
  }

  @Test
  void nothingIsTakenOutsideACall() {
    vcpu.set(Arm64Register.SP, machine.stacks().start(0));
    assertNotTaken(READ_FAULT, PC);
    inTheMiddle();
    context.leave(area);
    assertNotTaken(READ_FAULT, PC);
  }

  @Test
  void theInnerOneOfNestedEntriesEnds() {
    inTheMiddle();
    Map<String, Long> outer = VcpuState.of(vcpu);
    FirmwareContext.SaveArea inner = context.newSaveArea();
    context.enter(inner);
    assertNotNull(recovery.recover(vcpu, READ_FAULT, 0, PC));
    assertEquals(outer.get("SP"), vcpu.get(Arm64Register.SP));
    assertEquals(0, context.leave(inner));
    assertEquals(outer, VcpuState.of(vcpu));
  }

  /** To end the outer call would leave the inner one inside. */
  @Test
  void anInnerEntryOnTheStackOfTheOuterOneIsTheHostsToJudge() {
    inTheMiddle();
    long outerStack = vcpu.get(Arm64Register.SP);
    Map<String, Long> outer = VcpuState.of(vcpu);
    FirmwareContext.SaveArea inner = context.newSaveArea();
    context.enter(inner);
    vcpu.set(Arm64Register.SP, outerStack);
    assertNotTaken(READ_FAULT, PC);
    context.leave(inner);
    assertEquals(outer, VcpuState.of(vcpu));
    assertNotNull(recovery.recover(vcpu, READ_FAULT, 0, PC), "now it is the innermost");
    context.leave(area);
  }

  private void assertNotTaken(int esr, long pc) {
    Map<String, Long> before = VcpuState.of(vcpu);
    assertNull(recovery.recover(vcpu, esr, 0, pc));
    assertEquals(before, VcpuState.of(vcpu));
  }
}
