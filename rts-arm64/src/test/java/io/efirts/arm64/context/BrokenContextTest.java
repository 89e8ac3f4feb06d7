// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

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
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.FpsimdImage;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
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

  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final Arm64FirmwareContext context = machine.context(machine.space());
  private final Map<String, Long> host = VcpuState.of(vcpu);

  @ParameterizedTest
  @EnumSource(Corruption.class)
  void eachIsFoundAndRepairedInEveryEntry(Corruption corruption) {
    FirmwareContext.SaveArea area = context.newSaveArea();
    for (int i = 0; i < 2; i++) {
      context.enter(area);
      corruption.make(machine, context.memory());
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
      corruption.make(machine, context.memory());
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
              corruption.make(machine, frame.memory());
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
    for (int i = 0; i <= Arm64Register.X17.ordinal(); i++) {
      vcpu.set(Arm64Register.of(i), -1);
    }
    vcpu.set(Arm64Register.X30, -1);
    MemorySegment image = FpsimdImage.initial();
    image.asSlice(0, 8 * FpsimdImage.V_BYTES).fill((byte) 0x77);
    image.asSlice(16 * FpsimdImage.V_BYTES, 16 * FpsimdImage.V_BYTES).fill((byte) 0x77);
    for (int v = 8; v < 16; v++) {
      image.asSlice(v * FpsimdImage.V_BYTES + 8, 8).fill((byte) 0x77);
    }
    FpsimdImage.fpsr(image, 0x1F);
    vcpu.loadFpState(image);
    assertEquals(0, context.leave(area), "volatile registers, upper halves, sticky flags");
    assertEquals(host, VcpuState.of(vcpu));
  }
}
