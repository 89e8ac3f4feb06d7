// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.Translation;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.machine.IdentitySpace;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.Daif;
import io.efirts.arm64.vcpu.FpsimdImage;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What UEFI 2.10 section 2.3.6 demands is there inside, and all is as before after. */
class CallEnvironmentTest {
  @ParameterizedTest
  @EnumSource(Granule.class)
  void firmwareFindsWhatUefiDemands(Granule granule) {
    TestMachine machine = new TestMachine(granule);
    ModelArm64Vcpu vcpu = machine.vcpu();
    IdentitySpace space = machine.space();
    Arm64FirmwareContext context = machine.context(space);
    FirmwareContext.SaveArea area = context.newSaveArea();
    Map<String, Long> host = VcpuState.of(vcpu);

    context.enter(area);
    assertEquals(space.tables().root(), vcpu.addressSpaceRoot());
    assertEquals(machine.stacks().start(0), vcpu.get(Arm64Register.SP));
    assertEquals(0, vcpu.get(Arm64Register.SP) % 16);
    assertEquals(0x30_0000, vcpu.cpacr(), "floating point does not trap");
    assertEquals(0x200, vcpu.daif(), "as it was");
    assertEquals(1, space.entries(), "brought up to date");
    assertEquals(2, vcpu.svcr(), "streaming mode left, ZA kept");
    MemorySegment fpState = FpsimdImage.initial();
    vcpu.saveFpState(fpState);
    assertEquals(-1, fpState.mismatch(FpsimdImage.initial()), "registers and FPCR are 0");

    assertEquals(0, context.leave(area));
    assertEquals(host, VcpuState.of(vcpu));
    assertNotEquals(space.tables().root(), machine.hostRoot());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Daif.I, Daif.MASK})
  void interruptsStayAsTheyAre(long interrupts) {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    machine.vcpu().loadDaif(interrupts);
    Arm64FirmwareContext context = machine.context(machine.space());
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    assertEquals(interrupts, machine.vcpu().daif());
    assertEquals(0, context.leave(area));
    assertEquals(interrupts, machine.vcpu().daif());
  }

  @Test
  void callMemoryIsZeroedAndSeenAtItsPhysicalAddress() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    machine.memory().regions().getFirst().bytes().asSlice(0x70_0000, 0x10_0000).fill((byte) 0x5A);
    Arm64FirmwareContext context = machine.context(machine.space());
    CallMemory lent = context.callMemory(8192);
    assertEquals(lent.physicalAddress().value(), lent.firmwareAddress());
    assertEquals(
        -1, lent.segment().mismatch(MemorySegment.ofArray(new byte[1 << 20])), "all of it");
    lent.segment().set(ValueLayout.JAVA_BYTE, 8191, (byte) 42);
    assertEquals(42, context.memory().getByte(lent.firmwareAddress() + 8191));
    assertSame(context.memory(), context.memory());
  }

  @Test
  void stacksAreGuarded() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    AddressSpace tables = machine.space().tables();
    long bottom = machine.stacks().bottom(1);
    assertEquals(bottom, tables.translate(bottom, Access.WRITE));
    assertEquals(
        FaultKind.NOT_MAPPED, Translation.faultKind(tables.translate(bottom - 1, Access.WRITE)));
  }

  @Test
  void theCallersStackPointerLiesAboveTheStackWhileItIsInUse() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    Arm64FirmwareContext context = machine.context(machine.space());
    FirmwareContext.SaveArea area = context.newSaveArea();
    long record = machine.stacks().top(0) - 16;
    long hostStack = machine.vcpu().get(Arm64Register.SP);
    context.enter(area);
    assertEquals(hostStack, machine.hostView().getLong(record));
    context.leave(area);
    assertEquals(0, machine.hostView().getLong(record));
  }

  @Test
  void memoryIsSeenThroughTheWitnessThatIsGiven() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    AddressSpace witness = machine.space().tables();
    Arm64FirmwareContext context =
        machine.contextBuilder(machine.space()).seenThrough(witness).build();
    assertSame(witness, context.memory().addressSpace());
  }

  @Test
  void faultsAreExplainedByTheSpace() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    IdentitySpace space = machine.space();
    EfiMemoryDescriptor descriptor =
        new EfiMemoryDescriptor(
            MemoryType.RUNTIME_SERVICES_DATA,
            TestMachine.FIRMWARE_DATA,
            0,
            16,
            MemoryAttributes.RUNTIME);
    space.descriptor(descriptor);
    Arm64FirmwareContext context = machine.context(space);
    FirmwareFault fault =
        new FirmwareFault(FaultKind.NOT_MAPPED, TestMachine.HOST_DATA, Access.READ, 0);
    assertEquals(descriptor, context.nearestDescriptor(TestMachine.HOST_DATA));
    assertEquals(space.explain(fault), context.explain(fault));
  }
}
