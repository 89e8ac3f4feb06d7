// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext.SaveArea;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.testkit.FirmwareCaller;
import io.efirts.testkit.fault.FirmwareAnswers;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What firmware breaks is repaired and told (I-13); nesting overwrites nothing (I-14). */
class ScriptedContextTest {
  private static final long ROOT = 0x8000;

  private final ScriptedVcpu vcpu = new ScriptedVcpu();
  private final ScriptedContext context =
      new ScriptedContext(vcpu, ROOT, FirmwareCaller.CALL_MEMORY_BYTES);
  private final SaveArea area = context.newSaveArea();

  @Test
  void firmwareRunsInItsOwnAddressSpaceAndEnvironment() {
    long[] host = vcpu.registers();
    context.enter(area);
    assertEquals(ROOT, vcpu.addressSpaceRoot());
    assertEquals(ROOT, context.memory().addressSpace().root());
    assertEquals(0, vcpu.get(VcpuRegister.DIRECTION_FLAG));
    assertEquals(0x037F, vcpu.get(VcpuRegister.FP_CONTROL));
    assertEquals(1, context.depth());
    assertEquals(0, context.leave(area));
    assertArrayEquals(host, vcpu.registers());
    assertEquals(0, context.depth());
    assertEquals(0, context.repaired());
    context.assertUsedRightly();
  }

  @Test
  void everyKindOfCorruptionIsRepairedAndTold() {
    long[] host = vcpu.registers();
    for (ContextRepair kind : ContextRepair.values()) {
      context.enter(area);
      vcpu.corrupt(kind);
      assertEquals(kind.bit(), context.leave(area));
      assertArrayEquals(host, vcpu.registers());
    }
    context.enter(area);
    vcpu.corrupt(ContextRepair.STACK);
    vcpu.corrupt(ContextRepair.PLATFORM_REGISTER);
    assertEquals(
        ContextRepair.STACK.bit() | ContextRepair.PLATFORM_REGISTER.bit(), context.leave(area));
    assertEquals((1 << ContextRepair.COUNT) - 1, context.repaired());
    context.assertUsedRightly();
  }

  @Test
  void firmwareThatCorruptsStillAnswers() {
    FirmwareCaller caller =
        new FirmwareCaller(
            new FirmwareInstance(
                vcpu.corrupting(ContextRepair.INTERRUPT_MASK, FirmwareAnswers.status(5)), context));
    assertEquals(EfiStatus.of(5), caller.getTime(new EfiTimeHolder(), null).status());
    assertEquals(ContextRepair.INTERRUPT_MASK.bit(), context.repaired());
  }

  @Test
  void aNestedEntryRestoresTheOuterOne() {
    ScriptedContext crash = new ScriptedContext(vcpu, ROOT + 0x1000, AddressSpace.PAGE_BYTES);
    SaveArea inner = crash.newSaveArea();
    SaveArea innermost = context.newSaveArea();
    long[] host = vcpu.registers();

    context.enter(area);
    vcpu.corrupt(ContextRepair.FP_CONTROL);
    long[] interrupted = vcpu.registers();
    crash.enter(inner);
    assertEquals(ROOT + 0x1000, vcpu.addressSpaceRoot());
    context.enter(innermost);
    assertEquals(ROOT, vcpu.addressSpaceRoot());
    assertEquals(2, context.depth());
    vcpu.corrupt(ContextRepair.ADDRESS_SPACE_ROOT);
    assertEquals(ContextRepair.ADDRESS_SPACE_ROOT.bit(), context.leave(innermost));
    assertEquals(ROOT + 0x1000, vcpu.addressSpaceRoot());
    assertEquals(0, crash.leave(inner));
    assertArrayEquals(interrupted, vcpu.registers());
    assertEquals(ContextRepair.FP_CONTROL.bit(), context.leave(area));
    assertArrayEquals(host, vcpu.registers());

    Thread self = Thread.currentThread();
    assertEquals(
        List.of(
            new ContextEvent(true, self, 1, 0),
            new ContextEvent(true, self, 2, 0),
            new ContextEvent(false, self, 1, ContextRepair.ADDRESS_SPACE_ROOT.bit()),
            new ContextEvent(false, self, 0, ContextRepair.FP_CONTROL.bit())),
        context.events());
    context.assertUsedRightly();
    crash.assertUsedRightly();
  }

  @Test
  void callMemoryIsWhatFirmwareSees() {
    long address = context.callMemory(AddressSpace.PAGE_BYTES).firmwareAddress();
    context.memory().putByte(address, (byte) 7);
    assertEquals(
        7, context.callMemory(AddressSpace.PAGE_BYTES).segment().get(ValueLayout.JAVA_BYTE, 0));
    assertEquals(
        "call memory must hold every work item: needed=73728, available=69632",
        assertThrows(IllegalArgumentException.class, () -> context.callMemory(73728)).getMessage());
  }
}
