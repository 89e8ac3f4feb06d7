// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.WritePath;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an emergency means for everybody else. */
@Timeout(60)
class EmergencyForOthersTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final CallResult EMERGENCY = CallResult.refused(Outcome.EMERGENCY, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final List<RuntimeService> crashCalls = new ArrayList<>();
  private final FirmwareHold hold = new FirmwareHold();
  private Dispatcher dispatcher;

  private long crashCall(CallFrame frame) {
    crashCalls.add(frame.service());
    return EfiStatus.WARN_STALE_DATA.raw();
  }

  private Dispatcher start() {
    dispatcher = Dispatcher.builder().firmware(firmware).calls(4).invoker().start();
    return dispatcher;
  }

  @AfterEach
  void close() {
    hold.close();
    dispatcher.close();
  }

  private CallerThread<CallResult> stopInside(Dispatcher dispatcher) throws InterruptedException {
    CallerThread<CallResult> inside =
        CallerThread.start(() -> dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
    hold.awaitEntered();
    return inside;
  }

  @ParameterizedTest
  @EnumSource(
      value = WritePath.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"EMERGENCY", "CRASH_ENTRY"})
  void everybodyElseIsRefused(WritePath path) {
    Emergency emergency = start().beginEmergency(Duration.ZERO);
    assertEquals(EMERGENCY, path.set(dispatcher, 7, 0));
    emergency.end();
    assertEquals(EMERGENCY, path.set(dispatcher, 7, 0));
    assertEquals(0, firmware.entries());
  }

  @Test
  void aCallThatWasStartedBeforeEndsWithoutBeingMade() {
    start();
    PendingCall call = dispatcher.asyncAbi().newPendingCall();
    assertTrue(dispatcher.asyncAbi().call(call, RuntimeService.GET_TIME, 0, 0, 0, 0, 0));
    dispatcher.beginEmergency(Duration.ZERO);
    dispatcher.pump();
    assertEquals(EMERGENCY, call.poll());
    assertEquals(0, firmware.entries());
  }

  /** What the fenced owner does when it comes back reaches nobody. */
  @Test
  void aLateReturnChangesNothing() throws InterruptedException {
    firmware
        .crashEntry(this::crashCall)
        .on(
            RuntimeService.GET_TIME,
            frame -> {
              hold.call(frame);
              throw new IllegalStateException("late");
            });
    CallerThread<CallResult> inside = stopInside(start());
    Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
    emergency.setVariable("dump", GUID, 7, 0, null);
    hold.release();
    inside.result();
    assertEquals(DispatcherMode.EMERGENCY, dispatcher.mode());
    assertTrue(emergency.canCallFirmware());
    assertTrue(emergency.setVariable("dump", GUID, 7, 0, null).firmwareEntered());
    assertEquals(EMERGENCY, dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
    assertEquals(2, crashCalls.size());
    assertEquals(1, firmware.entries());
    emergency.end();
    assertEquals(DispatcherMode.DEAD, dispatcher.mode());
  }
}
