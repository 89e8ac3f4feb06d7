// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.FxsaveImage;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Register;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** I-13: each thing firmware breaks is found, repaired and attributed; the status is untouched. */
class BrokenContextTest {
  private static final long STATUS = EfiStatus.WARN_STALE_DATA.raw();

  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
  private final ModelX86Vcpu vcpu = machine.vcpu();
  private final X86FirmwareContext context = machine.context(machine.space());
  private final Map<String, Long> host = VcpuState.of(vcpu);

  @ParameterizedTest
  @EnumSource(Corruption.class)
  void eachIsFoundAndRepairedInEveryEntry(Corruption corruption) {
    FirmwareContext.SaveArea area = context.newSaveArea();
    for (int i = 0; i < 2; i++) {
      context.enter(area);
      corruption.make(vcpu, context.memory());
      assertEquals(corruption.kind().bit(), context.leave(area));
      assertEquals(host, VcpuState.of(vcpu));
    }
    context.enter(area);
    assertEquals(0, context.leave(area), "nothing is left of it");
  }

  @Test
  void allAtOnceToo() {
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    int kinds = 0;
    for (Corruption corruption : Corruption.values()) {
      corruption.make(vcpu, context.memory());
      kinds |= corruption.kind().bit();
    }
    assertEquals(kinds, context.leave(area));
    assertEquals(host, VcpuState.of(vcpu));
  }

  @ParameterizedTest
  @EnumSource(Corruption.class)
  void onEveryPathItIsToldAndTheStatusStays(Corruption corruption) {
    ScriptedFirmware firmware =
        new ScriptedFirmware(
            frame -> {
              corruption.make(vcpu, frame.memory());
              return STATUS;
            });
    List<DispatcherEvent> told = new ArrayList<>();
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(() -> new FirmwareInstance(firmware, context))
            .calls(2)
            .bufferBytes(1024)
            .storageReserve(0)
            .invoker()
            .listener(told::add)
            .start()) {
      CallResult answer = CallResult.completed(STATUS);
      assertEquals(answer, dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      assertEquals(host, VcpuState.of(vcpu));
      assertEquals(
          answer, dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null));
      assertEquals(host, VcpuState.of(vcpu));
      assertEquals(
          answer,
          dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
      assertEquals(host, VcpuState.of(vcpu));
      dispatcher.pump();
    }
    for (RuntimeService service :
        List.of(
            RuntimeService.GET_TIME, RuntimeService.SET_VARIABLE, RuntimeService.RESET_SYSTEM)) {
      assertTrue(
          told.contains(new DispatcherEvent.ContextRepaired(service, Set.of(corruption.kind()))),
          () -> "told of " + service + ": " + told);
    }
  }

  @Test
  void whatACallMayChangeIsNoDamage() {
    FirmwareContext.SaveArea area = context.newSaveArea();
    context.enter(area);
    for (X86Register register :
        List.of(
            X86Register.RAX,
            X86Register.RCX,
            X86Register.RDX,
            X86Register.R8,
            X86Register.R9,
            X86Register.R10,
            X86Register.R11)) {
      vcpu.set(register, -1);
    }
    MemorySegment image = FxsaveImage.initial();
    image.asSlice(FxsaveImage.XMM_OFFSET, 6 * 16).fill((byte) 0x77);
    image.set(ValueLayout.JAVA_BYTE, 32, (byte) 1);
    vcpu.loadFpState(image);
    vcpu.loadMxcsr(0x1FBF);
    vcpu.loadRflags(vcpu.rflags() | 0x8D5);
    assertEquals(0, context.leave(area), "volatile registers, sticky flags, carry and the like");
    assertEquals(host, VcpuState.of(vcpu));
  }

  @ParameterizedTest
  @EnumSource(
      value = PagingMode.class,
      names = {"LEGACY_32", "PAE"})
  void in32BitsXmmIsNotPreservedAndTheFourRegistersAre(PagingMode mode) {
    TestMachine small = new TestMachine(mode);
    X86FirmwareContext smallContext = small.context(small.space());
    FirmwareContext.SaveArea area = smallContext.newSaveArea();
    Map<String, Long> smallHost = VcpuState.of(small.vcpu());
    smallContext.enter(area);
    Corruption.XMM6.make(small.vcpu(), smallContext.memory());
    assertEquals(0, smallContext.leave(area));
    for (Corruption corruption :
        List.of(Corruption.RBX, Corruption.RBP, Corruption.RSI, Corruption.RDI)) {
      smallContext.enter(area);
      corruption.make(small.vcpu(), smallContext.memory());
      assertEquals(corruption.kind().bit(), smallContext.leave(area));
      assertEquals(smallHost, VcpuState.of(small.vcpu()));
    }
  }
}
