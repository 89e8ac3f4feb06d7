// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.FirmwareThrows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the panicking thread can call. */
@Timeout(60)
class EmergencyCallsTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final CallResult EMERGENCY = CallResult.refused(Outcome.EMERGENCY, false, false);

  private final VirtualClock clock = new VirtualClock();
  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final List<RuntimeService> crashCalls = new ArrayList<>();
  private final FirmwareHold hold = new FirmwareHold();
  private Dispatcher dispatcher;

  private long crashCall(CallFrame frame) {
    crashCalls.add(frame.service());
    return EfiStatus.WARN_STALE_DATA.raw();
  }

  private Dispatcher start() {
    dispatcher = Dispatcher.builder().firmware(firmware).calls(4).invoker().clock(clock).start();
    return dispatcher;
  }

  @AfterEach
  void close() {
    hold.close();
    dispatcher.close();
  }

  private static List<CallResult> all(Emergency emergency) {
    LongHolder holder = new LongHolder();
    return List.of(
        emergency.setVariable("dump", GUID, 7, 0, null),
        emergency.queryVariableInfo(7, holder, holder, holder),
        emergency.resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
  }

  @Test
  void wholeFirmwareIsCalledInTheOrdinaryWay() {
    firmware.crashEntry(this::crashCall).record(4);
    Emergency emergency = start().beginEmergency(Duration.ZERO);
    assertFalse(emergency.firmwareWasInterrupted());
    all(emergency).forEach(result -> assertTrue(result.isSuccess()));
    assertEquals(3, firmware.entries());
    assertEquals(Thread.currentThread(), firmware.recorded().get(0).thread());
    assertEquals(List.of(), crashCalls);
  }

  @Test
  void interruptedFirmwareIsCalledThroughItsCrashEntryOnly() throws InterruptedException {
    firmware.crashEntry(this::crashCall).on(RuntimeService.GET_TIME, hold);
    CallerThread<CallResult> inside = stopInside(start());
    Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
    assertTrue(emergency.firmwareWasInterrupted());
    assertTrue(emergency.canCallFirmware());
    CallResult answer = CallResult.completed(EfiStatus.WARN_STALE_DATA.raw());
    assertEquals(List.of(answer, answer, answer), all(emergency));
    assertEquals(
        List.of(
            RuntimeService.SET_VARIABLE,
            RuntimeService.QUERY_VARIABLE_INFO,
            RuntimeService.RESET_SYSTEM),
        crashCalls);
    assertEquals(1, firmware.entries());
    hold.release();
    inside.result();
  }

  @Test
  void interruptedFirmwareWithoutACrashEntryIsNotCalled() throws InterruptedException {
    firmware.on(RuntimeService.GET_TIME, hold);
    CallerThread<CallResult> inside = stopInside(start());
    Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
    assertFalse(emergency.canCallFirmware());
    assertEquals(List.of(EMERGENCY, EMERGENCY, EMERGENCY), all(emergency));
    hold.release();
    inside.result();
    assertEquals(List.of(EMERGENCY, EMERGENCY, EMERGENCY), all(emergency), "for good");
    assertEquals(1, firmware.entries());
  }

  private CallerThread<CallResult> stopInside(Dispatcher dispatcher) throws InterruptedException {
    CallerThread<CallResult> inside =
        CallerThread.start(() -> dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
    hold.awaitEntered();
    return inside;
  }

  @Test
  void firmwareThatFaultedBeforeCountsAsInterrupted() {
    firmware.crashEntry(this::crashCall).on(RuntimeService.GET_TIME, FirmwareThrows.outOfMemory());
    start().abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0);
    Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
    assertTrue(emergency.firmwareWasInterrupted());
    all(emergency);
    assertEquals(3, crashCalls.size());
    assertEquals(1, firmware.entries());
  }

  @Test
  void aFaultInACallOfItsOwnEndsTheUseOfFirmware() {
    firmware
        .crashEntry(this::crashCall)
        .on(RuntimeService.SET_VARIABLE, FirmwareThrows.stackOverflow());
    Emergency emergency = start().beginEmergency(Duration.ZERO);
    List<CallResult> results = all(emergency);
    assertEquals(
        List.of(CallResult.refused(Outcome.FAULTED, true, false), EMERGENCY, EMERGENCY), results);
    assertFalse(emergency.canCallFirmware());
    assertFalse(emergency.firmwareWasInterrupted(), "that it was before");
    assertEquals(List.of(), crashCalls);
    assertEquals(1, firmware.entries());
  }

  /** The watch gives up on calls that hang, not on a panic that takes its time between calls. */
  @Test
  void aLongEmergencyIsNotGivenUpOn() {
    Emergency emergency = start().beginEmergency(Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      dispatcher.pump();
      clock.advance(Duration.ofDays(1));
      dispatcher.pump();
      assertTrue(emergency.setVariable("dump", GUID, 7, 0, null).isSuccess());
    }
    assertEquals(0, dispatcher.count(Counter.WEDGES));
  }

  @Test
  void itsEndIsTheEndOfThisFirmware() {
    Emergency emergency = start().beginEmergency(Duration.ZERO);
    emergency.end();
    assertEquals(DispatcherMode.DEAD, dispatcher.mode());
    assertEquals(List.of(EMERGENCY, EMERGENCY, EMERGENCY), all(emergency));
    assertEquals(0, firmware.entries());
  }
}
