// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.machine.ScriptedContext;
import io.efirts.testkit.machine.ScriptedVcpu;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** I-13: what firmware corrupts is found, repaired and attributed; the status is untouched. */
class ContextRepairTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final long STATUS = EfiStatus.WARN_STALE_DATA.raw();
  private static final Firmware ANSWER = frame -> STATUS;

  private final ScriptedVcpu vcpu = new ScriptedVcpu();
  private final ScriptedContext context = new ScriptedContext(vcpu, 0x1000, 1 << 20);
  private final ScriptedContext crashContext = new ScriptedContext(vcpu, 0x2000, 1 << 20);
  private final ScriptedFirmware firmware = new ScriptedFirmware(ANSWER);
  private final List<DispatcherEvent> told = new ArrayList<>();
  private final long[] before = vcpu.registers();
  private Dispatcher dispatcher;

  private void start() {
    Firmware crash = crashContext.watched(vcpu.corrupting(ContextRepair.STACK, ANSWER));
    ScriptedFirmware watched =
        new ScriptedFirmware(context.watched(firmware)).crashEntry(crash::call);
    dispatcher =
        Dispatcher.builder()
            .firmware(() -> new FirmwareInstance(watched, context, crashContext))
            .calls(4)
            .invoker()
            .listener(
                event -> {
                  if (event instanceof DispatcherEvent.ContextRepaired) {
                    told.add(event);
                  }
                })
            .start();
  }

  @AfterEach
  void nothingIsLeftBehind() {
    dispatcher.close();
    context.assertUsedRightly();
    crashContext.assertUsedRightly();
    assertEquals(0, context.depth());
    assertArrayEquals(before, vcpu.registers());
  }

  private CallResult getTime() {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  private CallResult write() {
    return dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
  }

  private CallResult reset() {
    return dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
  }

  private static DispatcherEvent repaired(RuntimeService service, ContextRepair kind) {
    return new DispatcherEvent.ContextRepaired(service, Set.of(kind));
  }

  @ParameterizedTest
  @EnumSource(ContextRepair.class)
  void eachKindIsRepairedOnEachPathAndToldOnce(ContextRepair kind) {
    for (RuntimeService service : RuntimeService.values()) {
      firmware.on(service, vcpu.corrupting(kind, ANSWER));
    }
    start();
    CallResult answer = CallResult.completed(STATUS);
    for (int i = 0; i < 3; i++) {
      assertEquals(answer, getTime());
      assertArrayEquals(before, vcpu.registers());
      assertEquals(answer, write());
      assertArrayEquals(before, vcpu.registers());
      assertEquals(answer, reset());
      assertArrayEquals(before, vcpu.registers());
      dispatcher.pump();
    }
    assertEquals(9, dispatcher.count(Counter.CONTEXT_REPAIRS));
    assertEquals(kind.bit(), context.repaired());
    assertEquals(
        Set.of(
            repaired(RuntimeService.GET_TIME, kind),
            repaired(RuntimeService.SET_VARIABLE, kind),
            repaired(RuntimeService.RESET_SYSTEM, kind)),
        Set.copyOf(told));
    assertEquals(3, told.size(), "once for each service");
  }

  @Test
  void anotherKindOfTheSameServiceIsToldToo() {
    start();
    firmware.on(RuntimeService.GET_TIME, vcpu.corrupting(ContextRepair.DIRECTION_FLAG, ANSWER));
    getTime();
    dispatcher.pump();
    firmware.on(
        RuntimeService.GET_TIME,
        vcpu.corrupting(
            ContextRepair.DIRECTION_FLAG, vcpu.corrupting(ContextRepair.FP_CONTROL, ANSWER)));
    getTime();
    dispatcher.pump();
    assertEquals(
        List.of(
            repaired(RuntimeService.GET_TIME, ContextRepair.DIRECTION_FLAG),
            repaired(RuntimeService.GET_TIME, ContextRepair.FP_CONTROL)),
        told);
  }

  @Test
  void aVendorsEntryIsToldWithoutAService() {
    start();
    firmware.onVendor(0x99, vcpu.corrupting(ContextRepair.INTERRUPT_MASK, ANSWER));
    dispatcher.abi().callVendor(0x99, 0, 0, 0, 0, 0, 0, 0);
    dispatcher.pump();
    assertEquals(List.of(repaired(null, ContextRepair.INTERRUPT_MASK)), told);
  }

  @Test
  void firmwareThatBreaksNothingIsToldNothingOf() {
    start();
    getTime();
    write();
    dispatcher.pump();
    assertEquals(List.of(), told);
    assertEquals(0, dispatcher.count(Counter.CONTEXT_REPAIRS));
  }

  @ParameterizedTest
  @EnumSource(ContextRepair.class)
  void afterAFaultToo(ContextRepair kind) {
    start();
    firmware.on(
        RuntimeService.SET_VARIABLE,
        vcpu.corrupting(
            kind,
            frame -> {
              throw new IllegalStateException("injected");
            }));
    assertEquals(CallResult.refused(Outcome.FAULTED, true, false), write());
    dispatcher.pump();
    assertEquals(List.of(repaired(RuntimeService.SET_VARIABLE, kind)), told);
  }

  @Test
  void inTheCrashEntryToo() {
    start();
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          throw new IllegalStateException("injected");
        });
    write();
    assertEquals(CallResult.completed(STATUS), reset());
    dispatcher.pump();
    assertEquals(ContextRepair.STACK.bit(), crashContext.repaired());
    assertEquals(List.of(repaired(RuntimeService.RESET_SYSTEM, ContextRepair.STACK)), told);
    assertEquals(1, firmware.entries());
  }

  @Test
  void inAnEmergencyToo() {
    start();
    firmware.on(RuntimeService.SET_VARIABLE, vcpu.corrupting(ContextRepair.STACK, ANSWER));
    assertEquals(
        CallResult.completed(STATUS),
        dispatcher.beginEmergency(Duration.ZERO).setVariable("n", GUID, 7, 0, null));
    assertEquals(1, dispatcher.count(Counter.CONTEXT_REPAIRS));
  }
}
