// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.Counter;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever pumps keeps what is its own, and what it runs into with others' calls ends there. */
@Timeout(60)
class PumpTest {
  private final ScriptedFirmware firmware = new ScriptedFirmware();

  /** I-6: the pumping thread waits at a gate that a direct call has. */
  @Test
  void anInterruptWhileWaitingForTheGateIsKept() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold(frame -> EfiStatusCode.SUCCESS);
    firmware.on(RuntimeService.QUERY_VARIABLE_INFO, hold);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).invoker().start();
        hold) {
      CallerThread<CallResult> direct =
          CallerThread.start(
              () ->
                  dispatcher
                      .nonBlocking()
                      .queryVariableInfo(0, new LongHolder(), new LongHolder(), new LongHolder()));
      hold.awaitEntered();
      AsyncRuntimeServices services = dispatcher.async();
      services.getTime(services.newPendingCall(), new EfiTimeHolder(), null);
      CallerThread<Boolean> pumping =
          CallerThread.start(
              () -> {
                dispatcher.pump();
                return Thread.currentThread().isInterrupted();
              });
      pumping.awaitParked();
      pumping.thread().interrupt();
      Eventually.isTrue(
          "the flag must be cleared to wait on", () -> !pumping.thread().isInterrupted());
      hold.release();
      assertTrue(pumping.result());
      assertTrue(direct.result().isSuccess());
    }
  }

  /** I-27: the caller's memory is gone when the result is to be copied to it. */
  @Test
  void aCallWhoseResultCannotBeCopiedOutEndsAndIsNotLost() {
    firmware.on(
        RuntimeService.GET_VARIABLE,
        frame -> {
          frame.memory().putLong(frame.word(3), 4);
          return EfiStatusCode.SUCCESS;
        });
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).invoker().calls(1).start()) {
      List<CallResult> ends = new ArrayList<>();
      AsyncRuntimeServices services = dispatcher.async();
      PendingCall call = services.newPendingCall(ends::add);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment data = arena.allocate(4);
        assertTrue(
            services.getVariable(
                call, "Gone", new EfiGuid(1, 2), new IntHolder(), new LongHolder(4), data));
      }
      dispatcher.pump();
      assertEquals(1, ends.size());
      assertFalse(call.isPending());
      assertEquals(1, dispatcher.count(Counter.HANDLER_FAILURES));
      assertTrue(dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess());
    }
  }
}
