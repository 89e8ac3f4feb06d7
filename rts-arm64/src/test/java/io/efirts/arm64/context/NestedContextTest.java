// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.arm64.machine.IdentitySpace;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I-14: a nested entry overwrites neither what the outer one has saved nor its stack. */
@Timeout(60)
class NestedContextTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final IdentitySpace space = machine.space();
  private final Arm64FirmwareContext context = machine.context(space);
  private final Map<String, Long> host = VcpuState.of(vcpu);

  @Test
  void everySaveAreaHasAStackOfItsOwnAsLongAsThereAreAny() {
    Set<Long> tops = new HashSet<>();
    for (int i = 0; i < EfiStacks.DISPATCHER_COUNT; i++) {
      FirmwareContext.SaveArea area = context.newSaveArea();
      context.enter(area);
      tops.add(vcpu.get(Arm64Register.SP));
      assertEquals(0, context.leave(area));
    }
    assertEquals(EfiStacks.DISPATCHER_COUNT, tops.size());
    IllegalStateException refused = assertThrows(IllegalStateException.class, context::newSaveArea);
    assertEquals("every save area must have a stack of its own: stacks=4", refused.getMessage());
  }

  @Test
  void theOuterEntryGoesOnAsIfNothingHadBeen() {
    FirmwareContext.SaveArea outer = context.newSaveArea();
    FirmwareContext.SaveArea inner = context.newSaveArea();
    context.enter(outer);
    long frame = vcpu.get(Arm64Register.SP) - 0x100;
    vcpu.set(Arm64Register.SP, frame);
    vcpu.set(Arm64Register.X19, 0x1234);
    vcpu.loadPc(TestMachine.FIRMWARE_CODE + 4);
    vcpu.loadDaif(0x80);
    vcpu.loadFpState(Corruption.filledFpState());
    context.memory().putLong(frame, 0xF00D);
    Map<String, Long> inTheMiddle = VcpuState.of(vcpu);

    context.enter(inner);
    assertNotEquals(frame, vcpu.get(Arm64Register.SP));
    long innerStart = vcpu.get(Arm64Register.SP);
    for (long at = machine.stacks().bottom(1); at < innerStart; at += 8) {
      context.memory().putLong(at, -1);
    }
    assertEquals(ContextRepair.STACK.bit(), context.leave(inner), "its whole stack was used");
    assertEquals(inTheMiddle, VcpuState.of(vcpu));
    assertEquals(0xF00D, context.memory().getLong(frame));

    vcpu.set(Arm64Register.SP, frame + 0x100);
    assertEquals(0, context.leave(outer) & ContextRepair.STACK.bit());
    assertEquals(host, VcpuState.of(vcpu));
  }

  @Test
  void anEmergencyWhileACallWasStoppedInside() throws InterruptedException {
    IdentitySpace crashSpace = machine.crashSpace();
    Arm64FirmwareContext crashContext = machine.crashContext(crashSpace);
    List<Long> crashRoots = new ArrayList<>();
    FirmwareHold hold = new FirmwareHold();
    ScriptedFirmware firmware =
        new ScriptedFirmware(hold)
            .crashEntry(
                frame -> {
                  crashRoots.add(vcpu.addressSpaceRoot());
                  vcpu.set(Arm64Register.X19, -1);
                  return 0;
                });
    try (Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(() -> new FirmwareInstance(firmware, context, crashContext))
                .calls(2)
                .bufferBytes(1024)
                .storageReserve(0)
                .invoker()
                .closeWait(Duration.ZERO)
                .start();
        hold) {
      CallerThread<CallResult> outer =
          CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
      hold.awaitEntered();
      Map<String, Long> inside = VcpuState.of(vcpu);
      assertEquals(space.tables().root(), vcpu.addressSpaceRoot());

      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      assertTrue(emergency.setVariable("dump", GUID, 7, 0, null).isSuccess());
      assertEquals(List.of(crashSpace.tables().root()), crashRoots);
      assertEquals(inside, VcpuState.of(vcpu), "as the call left it that was stopped");

      hold.release();
      outer.result();
      assertEquals(host, VcpuState.of(vcpu), "as that call found it");
    }
  }
}
