// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.x86.machine.IdentitySpace;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Register;
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

  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
  private final ModelX86Vcpu vcpu = machine.vcpu();
  private final IdentitySpace space = machine.space();
  private final X86FirmwareContext context = machine.context(space);
  private final Map<String, Long> host = VcpuState.of(vcpu);

  @Test
  void everySaveAreaHasAStackOfItsOwnAsLongAsThereAreAny() {
    Set<Long> tops = new HashSet<>();
    for (int i = 0; i < EfiStacks.DISPATCHER_COUNT; i++) {
      FirmwareContext.SaveArea area = context.newSaveArea();
      context.enter(area);
      tops.add(vcpu.get(X86Register.RSP));
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
    long frame = vcpu.get(X86Register.RSP) - 0x100;
    vcpu.set(X86Register.RSP, frame);
    vcpu.set(X86Register.RBX, 0x1234);
    vcpu.loadRip(TestMachine.FIRMWARE_CODE + 5);
    vcpu.loadMxcsr(0x3F80);
    vcpu.loadRflags(vcpu.rflags() | 1L << 10);
    context.memory().putLong(frame, 0xF00D);
    Map<String, Long> inTheMiddle = VcpuState.of(vcpu);

    context.enter(inner);
    assertNotEquals(frame, vcpu.get(X86Register.RSP));
    long innerTop = vcpu.get(X86Register.RSP);
    for (long at = innerTop - EfiStacks.DEFAULT_STACK_BYTES; at < innerTop; at += 8) {
      context.memory().putLong(at, -1);
    }
    assertEquals(ContextRepair.STACK.bit(), context.leave(inner), "its whole stack was used");
    assertEquals(inTheMiddle, VcpuState.of(vcpu));
    assertEquals(0xF00D, context.memory().getLong(frame));

    vcpu.set(X86Register.RSP, frame + 0x100);
    assertEquals(0, context.leave(outer) & ContextRepair.STACK.bit());
    assertEquals(host, VcpuState.of(vcpu));
  }

  @Test
  void anEmergencyWhileACallWasStoppedInside() throws InterruptedException {
    IdentitySpace crashSpace = machine.crashSpace();
    X86FirmwareContext crashContext = machine.crashContext(crashSpace);
    List<Long> crashRoots = new ArrayList<>();
    FirmwareHold hold = new FirmwareHold();
    ScriptedFirmware firmware =
        new ScriptedFirmware(hold)
            .crashEntry(
                frame -> {
                  crashRoots.add(vcpu.addressSpaceRoot());
                  vcpu.set(X86Register.RBX, -1);
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
