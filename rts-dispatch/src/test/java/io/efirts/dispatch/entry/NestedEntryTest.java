// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.machine.ContextEvent;
import io.efirts.testkit.machine.ScriptedContext;
import io.efirts.testkit.machine.ScriptedVcpu;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I-14: a crash entry used while a call was stopped inside keeps what that one has saved. */
@Timeout(60)
class NestedEntryTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final ScriptedVcpu vcpu = new ScriptedVcpu();
  private final ScriptedContext context = new ScriptedContext(vcpu, 0x1000, 1 << 20);
  private final ScriptedContext crashContext = new ScriptedContext(vcpu, 0x2000, 1 << 20);
  private final VirtualClock clock = new VirtualClock();
  private final FirmwareHold hold = new FirmwareHold();
  private final List<RuntimeService> crashCalls = new ArrayList<>();
  private final Firmware crash =
      crashContext.watched(
          frame -> {
            crashCalls.add(frame.service());
            return 0;
          });
  private final ScriptedFirmware firmware =
      new ScriptedFirmware(context.watched(hold)).crashEntry(crash::call);
  private final long[] host = vcpu.registers();
  private final Dispatcher dispatcher =
      Dispatcher.builder()
          .firmware(() -> new FirmwareInstance(firmware, context, crashContext))
          .calls(4)
          .invoker()
          .clock(clock)
          .closeWait(Duration.ZERO)
          .wedgeLimit(RuntimeService.SET_VARIABLE, LIMIT)
          .start();

  private CallerThread<CallResult> outer;
  private long[] inside;

  private void stopInside() throws InterruptedException {
    outer = CallerThread.start(() -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
    hold.awaitEntered();
    inside = vcpu.registers();
    assertEquals(0x1000, vcpu.addressSpaceRoot());
  }

  private void letTheOuterOneLeave() throws InterruptedException {
    assertArrayEquals(inside, vcpu.registers(), "as the outer one left it");
    hold.release();
    assertTrue(outer.result().isSuccess());
    assertArrayEquals(host, vcpu.registers(), "as the outer one found it");
    assertEquals(0, context.repaired());
    assertEquals(0, crashContext.repaired());
    assertEquals(1, firmware.entries());
    List<ContextEvent> outerEvents = context.events();
    assertEquals(2, outerEvents.size(), "the crash entry has a context of its own");
  }

  @AfterEach
  void wasUsedRightly() {
    hold.close();
    dispatcher.close();
    context.assertUsedRightly();
    crashContext.assertUsedRightly();
  }

  @Test
  void byAnEmergency() throws InterruptedException {
    stopInside();
    Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
    assertTrue(emergency.setVariable("dump", GUID, 7, 0, null).isSuccess());
    assertTrue(emergency.resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null).isSuccess());
    assertEquals(List.of(RuntimeService.SET_VARIABLE, RuntimeService.RESET_SYSTEM), crashCalls);
    letTheOuterOneLeave();
  }

  @Test
  void byAReset() throws InterruptedException {
    stopInside();
    dispatcher.pump();
    clock.advance(LIMIT);
    dispatcher.pump();
    assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
    dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    assertEquals(List.of(RuntimeService.RESET_SYSTEM), crashCalls);
    letTheOuterOneLeave();
  }
}
