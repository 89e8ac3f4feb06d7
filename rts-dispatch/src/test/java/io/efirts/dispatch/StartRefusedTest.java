// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepStop;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A start that is refused has no effect (I-5): firmware is not entered, no handler is called, and
 * the next poll tells why. Misuse of a handle is an exception.
 */
class StartRefusedTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final Dispatcher dispatcher =
      Dispatcher.builder()
          .firmware(firmware)
          .calls(1)
          .supportedServices(
              RtProperties.of(
                  RtProperties.ALL_SERVICES & ~(1 << RuntimeService.SET_TIME.ordinal())))
          .invoker()
          .start();
  private final AsyncRuntimeServices async = dispatcher.async();
  private final RecordedEnds ends = new RecordedEnds();
  private final EfiTimeHolder time = new EfiTimeHolder();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private void assertRefused(Outcome outcome) {
    long entries = firmware.entries();
    PendingCall polled = async.newPendingCall();
    PendingCall handled = async.newPendingCall(ends);
    for (PendingCall call : new PendingCall[] {polled, handled}) {
      assertFalse(async.getTime(call, time, null));
      assertFalse(call.isPending());
      assertFalse(call.cancel());
      assertEquals(CallResult.refused(outcome, false, false), call.poll());
    }
    dispatcher.pump();
    assertEquals(0, ends.count());
    assertEquals(entries, firmware.entries());
  }

  @Test
  void anEmptyPoolIsBusy() {
    PendingCall first = async.newPendingCall();
    assertTrue(async.getTime(first, time, null));
    PendingCall second = async.newPendingCall(ends);
    assertFalse(async.getTime(second, time, null));
    assertEquals(CallResult.refused(Outcome.BUSY, false, false), second.poll());
    assertTrue(dispatcher.pump());
    // The call goes back to the pool when it is delivered, not when it has ended.
    assertRefused(Outcome.BUSY);
    assertTrue(first.poll().isSuccess());
    assertTrue(async.getTime(second, time, null));
    assertTrue(dispatcher.pump());
    assertEquals(1, ends.count());
    assertTrue(second.poll().isSuccess());
  }

  @Test
  void afterAFaultItIsDisabled() {
    firmware.on(RuntimeService.GET_TIME, FirmwareThrows.error(new AssertionError("injected")));
    PendingCall call = async.newPendingCall();
    assertTrue(async.getTime(call, time, null));
    assertTrue(dispatcher.pump());
    assertEquals(CallResult.refused(Outcome.FAULTED, true, false), call.poll());
    assertRefused(Outcome.DISABLED);
  }

  @Test
  void afterACloseItIsClosed() {
    dispatcher.close();
    assertRefused(Outcome.CLOSED);
  }

  @Test
  void aServiceThatThePlatformLacksIsUnsupported() {
    PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
    assertFalse(dispatcher.asyncAbi().call(call, RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
    assertEquals(CallResult.refused(Outcome.UNSUPPORTED, false, false), call.poll());
    dispatcher.pump();
    assertEquals(0, ends.count());
    assertEquals(0, firmware.entries());
  }

  /** Two slots, one call: what was cancelled and not taken off the ring yet fills it. */
  @Test
  void aFullRingIsBusy() {
    PendingCall call = async.newPendingCall();
    for (int slot = 0; slot < 2; slot++) {
      assertTrue(async.getTime(call, time, null));
      assertTrue(call.cancel());
      assertEquals(CallResult.refused(Outcome.CANCELLED, false, false), call.poll());
    }
    assertRefused(Outcome.BUSY);
    assertTrue(dispatcher.pump());
    assertTrue(async.getTime(call, time, null), "a slot is free again");
  }

  /** Stopped where it takes its call back: whoever looks for ends then finds none. */
  @Test
  void aStartIntoAFullRingIsToldNobodyElse() throws InterruptedException {
    Occurrence<Step> takingBack =
        Occurrence.first(Step.CALL_UNQUEUED).by(thread -> thread.getName().equals("caller"));
    try (StepStop stop = new StepStop(takingBack);
        Dispatcher two =
            Dispatcher.builder().firmware(firmware).calls(2).stepHook(stop).invoker().start()) {
      PendingCall filler = two.async().newPendingCall();
      while (two.async().getTime(filler, time, null)) {
        assertTrue(filler.cancel());
        assertEquals(CallResult.refused(Outcome.CANCELLED, false, false), filler.poll());
      }
      PendingCall call = two.async().newPendingCall(ends);
      CallerThread<Boolean> starting =
          CallerThread.start(() -> two.async().getTime(call, new EfiTimeHolder(), null));
      stop.awaitStopped();
      assertTrue(two.pump());
      stop.release();
      assertFalse(starting.result());
      assertEquals(CallResult.refused(Outcome.BUSY, false, false), call.poll());
      assertEquals(0, ends.count());
    }
  }

  @Test
  void aPendingHandleCannotStart() {
    PendingCall call = async.newPendingCall(ends);
    assertTrue(async.getTime(call, time, null));
    String message = "a handle must be idle to start a call: pending=true";
    assertEquals(
        message,
        assertThrows(IllegalStateException.class, () -> async.getTime(call, time, null))
            .getMessage());
    assertEquals(
        message,
        assertThrows(
                IllegalStateException.class,
                () -> dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0))
            .getMessage());
    assertTrue(dispatcher.pump());
    assertEquals(1, ends.count(), "the call under way is not affected");
    assertFalse(dispatcher.pump());
  }

  @Test
  void aHandleThatNeverStartedHasNoResult() {
    PendingCall call = async.newPendingCall();
    assertFalse(call.isPending());
    assertFalse(call.cancel());
    assertEquals(
        "a handle must have started a call: started=false",
        assertThrows(IllegalStateException.class, call::poll).getMessage());
  }

  @Test
  void aForeignHandleIsRefused() {
    PendingCall foreign = new Foreign();
    assertEquals(
        "a handle must come from a dispatcher: call=Foreign[]",
        assertThrows(IllegalArgumentException.class, () -> async.getTime(foreign, time, null))
            .getMessage());
    assertEquals(
        "a handle must come from a dispatcher: call=null",
        assertThrows(
                IllegalArgumentException.class,
                () -> dispatcher.asyncAbi().callVendor(null, 1, 0, 0, 0, 0, 0, 0, 0))
            .getMessage());
  }

  /** The one call there is was given back each time, or the last start would be refused. */
  @Test
  void whatCannotBePackedIsMisuseAndGivesTheCallBack() {
    PendingCall call = async.newPendingCall(ends);
    MemorySegment data = MemorySegment.ofArray(new byte[4]);
    for (int round = 0; round < 3; round++) {
      assertEquals(
          "dataSize must be at most the buffer: dataSize=5, buffer=4",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> async.setVariable(call, "n", GUID, 7, 5, data))
              .getMessage());
      assertFalse(call.isPending());
    }
    assertEquals(
        "handler",
        assertThrows(NullPointerException.class, () -> async.newPendingCall(null)).getMessage());
    assertTrue(async.getTime(call, time, null));
    assertTrue(dispatcher.pump());
    assertEquals(1, ends.count());
  }

  private record Foreign() implements PendingCall {
    @Override
    public CallResult poll() {
      return null;
    }

    @Override
    public boolean cancel() {
      return false;
    }

    @Override
    public boolean isPending() {
      return false;
    }
  }
}
