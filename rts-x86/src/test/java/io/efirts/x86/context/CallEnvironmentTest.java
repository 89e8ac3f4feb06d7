// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

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
import io.efirts.x86.machine.IdentitySpace;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.Cr0;
import io.efirts.x86.vcpu.FxsaveImage;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.Rflags;
import io.efirts.x86.vcpu.X86Register;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What UEFI 2.10 sections 2.3.2 and 2.3.4 demand is there inside, and all is as before after. */
class CallEnvironmentTest {
  @ParameterizedTest
  @EnumSource(PagingMode.class)
  void firmwareFindsWhatUefiDemands(PagingMode mode) {
    TestMachine machine = new TestMachine(mode);
    ModelX86Vcpu vcpu = machine.vcpu();
    IdentitySpace space = machine.space();
    X86FirmwareContext context = machine.context(space);
    FirmwareContext.SaveArea area = context.newSaveArea();
    Map<String, Long> host = VcpuState.of(vcpu);

    context.enter(area);
    assertEquals(space.tables().root(), vcpu.addressSpaceRoot());
    assertEquals(TestMachine.stacks().top(0), vcpu.get(X86Register.RSP));
    assertEquals(0, vcpu.get(X86Register.RSP) % 16);
    assertEquals(0x037F, vcpu.fpuControlWord());
    assertEquals(0x1F80, vcpu.mxcsr());
    assertEquals(0, vcpu.rflags() & Rflags.DF);
    assertEquals(Rflags.IF, vcpu.rflags() & Rflags.IF);
    assertEquals(0, vcpu.cr0() & (Cr0.EM | Cr0.TS));
    MemorySegment fpState = FxsaveImage.initial();
    vcpu.saveFpState(fpState);
    assertEquals(-1, fpState.mismatch(FxsaveImage.initial()), "registers empty");
    assertEquals(1, space.entries());

    assertEquals(0, context.leave(area));
    assertEquals(host, VcpuState.of(vcpu));
    assertNotEquals(space.tables().root(), machine.hostRoot());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Rflags.IF})
  void interruptsStayAsTheyAre(long interrupts) {
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    machine.vcpu().loadRflags(interrupts);
    X86FirmwareContext context = machine.context(machine.space());
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    assertEquals(interrupts, machine.vcpu().rflags() & Rflags.IF);
    assertEquals(0, context.leave(area));
    assertEquals(interrupts, machine.vcpu().rflags() & Rflags.IF);
  }

  @Test
  void sharedEntriesAreBroughtUpToDateBeforeTheRootIsLoaded() {
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    IdentitySpace space = machine.space();
    long[] rootThen = new long[1];
    space.atEntry(() -> rootThen[0] = machine.vcpu().addressSpaceRoot());
    X86FirmwareContext context = machine.context(space);
    context.enter(context.newSaveArea());
    assertEquals(machine.hostRoot(), rootThen[0]);
  }

  @Test
  void callMemoryIsZeroedAndSeenAtItsPhysicalAddress() {
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    machine.memory().regions().getFirst().bytes().asSlice(0x70_0000, 0x10_0000).fill((byte) 0x5A);
    X86FirmwareContext context = machine.context(machine.space());
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
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    AddressSpace tables = machine.space().tables();
    long bottom = TestMachine.stacks().bottom(1);
    assertEquals(bottom, tables.translate(bottom, Access.WRITE));
    assertEquals(
        FaultKind.NOT_MAPPED, Translation.faultKind(tables.translate(bottom - 1, Access.WRITE)));
  }

  @Test
  void memoryIsSeenThroughTheWitnessThatIsGiven() {
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    AddressSpace witness = machine.space().tables();
    X86FirmwareContext context =
        machine.contextBuilder(machine.space()).seenThrough(witness).build();
    assertSame(witness, context.memory().addressSpace());
  }

  @Test
  void faultsAreExplainedByTheSpace() {
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    IdentitySpace space = machine.space();
    EfiMemoryDescriptor descriptor =
        new EfiMemoryDescriptor(
            MemoryType.RUNTIME_SERVICES_DATA,
            TestMachine.FIRMWARE_DATA,
            0,
            16,
            MemoryAttributes.RUNTIME);
    space.descriptor(descriptor);
    X86FirmwareContext context = machine.context(space);
    FirmwareFault fault =
        new FirmwareFault(FaultKind.NOT_MAPPED, TestMachine.HOST_DATA, Access.READ, 0);
    assertEquals(descriptor, context.nearestDescriptor(TestMachine.HOST_DATA));
    assertEquals(space.explain(fault), context.explain(fault));
  }
}
