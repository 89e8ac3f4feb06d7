// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.fault.NthCall;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fault of a direct call is told and mended although no other call is made. */
@Timeout(60)
class DirectFaultTest {
  @Test
  void theServicesAreArmedAgainWithoutAnotherCall() {
    RecordedEvents events = new RecordedEvents();
    ScriptedFirmware firmware = new ScriptedFirmware();
    firmware.on(
        RuntimeService.QUERY_VARIABLE_INFO,
        new NthCall(1, FirmwareThrows.outOfMemory(), frame -> 0));
    Set<Thread> others = Watches.running();
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .listener(events)
            .rearm(RearmPolicy.afterProbe(1, Duration.ZERO))
            .start()) {
      Watches.awaitAsleep(others);
      CallResult result =
          dispatcher
              .nonBlocking()
              .queryVariableInfo(0, new LongHolder(), new LongHolder(), new LongHolder());
      assertEquals(CallResult.refused(Outcome.FAULTED, true, false), result);
      assertEquals(1, events.await(DispatcherEvent.Rearmed.class).attempt());
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
  }
}
