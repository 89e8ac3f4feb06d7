// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServicesAbi;
import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepStop;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A close ends every started call once (I-27), wherever it stands. */
@Timeout(60)
class StartedCloseTest {
  private static final CallResult CLOSED = CallResult.refused(Outcome.CLOSED, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final FirmwareHold hold = new FirmwareHold();
  private final RecordedEnds ends = new RecordedEnds();

  private DispatcherBuilder builder() {
    firmware.on(RuntimeService.SET_TIME, hold);
    return Dispatcher.builder().firmware(firmware).calls(8);
  }

  private static boolean startHeld(Dispatcher dispatcher, PendingCall call) {
    return dispatcher.asyncAbi().call(call, RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
  }

  private static boolean startVendor(Dispatcher dispatcher, PendingCall call) {
    return dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void whatIsInsideIsAbandonedAndWhatIsQueuedCancelled() throws InterruptedException {
    try (hold) {
      Dispatcher dispatcher = builder().start();
      AsyncRuntimeServicesAbi abi = dispatcher.asyncAbi();
      RecordedEnds insideEnds = new RecordedEnds();
      PendingCall inside = abi.newPendingCall(insideEnds);
      assertTrue(startHeld(dispatcher, inside));
      hold.awaitEntered();
      PendingCall polled = abi.newPendingCall();
      assertTrue(startVendor(dispatcher, polled));
      List<PendingCall> handled = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        PendingCall call = abi.newPendingCall(ends);
        assertTrue(startVendor(dispatcher, call));
        handled.add(call);
      }
      dispatcher.close(Duration.ofMillis(20));
      for (int i = 0; i < handled.size(); i++) {
        assertEquals(CLOSED, ends.await().result());
      }
      // Only now: they need not end in the order in which they were started.
      for (PendingCall call : handled) {
        assertEquals(CLOSED, call.poll());
      }
      assertEquals(CLOSED, polled.poll());
      CallResult abandoned = CallResult.refused(Outcome.CLOSED, true, true);
      assertEquals(abandoned, insideEnds.await().result());
      hold.release();
      assertEquals(abandoned, inside.poll());
      assertEquals(4, ends.count());
      assertEquals(1, insideEnds.count());
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void whatIsQueuedIsMadeIfThereIsTime() throws InterruptedException {
    try (hold) {
      Dispatcher dispatcher = builder().start();
      PendingCall inside = dispatcher.asyncAbi().newPendingCall(ends);
      PendingCall queued = dispatcher.asyncAbi().newPendingCall(ends);
      assertTrue(startHeld(dispatcher, inside));
      hold.awaitEntered();
      assertTrue(startVendor(dispatcher, queued));
      CallerThread<Boolean> closing =
          CallerThread.start(
              () -> {
                dispatcher.close();
                return true;
              });
      Eventually.isTrue(
          "the dispatcher must drain", () -> dispatcher.mode() == DispatcherMode.DRAINING);
      hold.release();
      assertTrue(closing.result());
      assertTrue(inside.poll().isSuccess());
      assertTrue(queued.poll().isSuccess());
      assertEquals(2, ends.count());
    }
  }

  @Test
  void aPumpedDispatcherDeliversWhatItCancels() {
    Dispatcher dispatcher = builder().invoker().start();
    PendingCall handled = dispatcher.asyncAbi().newPendingCall(ends);
    PendingCall polled = dispatcher.asyncAbi().newPendingCall();
    assertTrue(startVendor(dispatcher, handled));
    assertTrue(startVendor(dispatcher, polled));
    dispatcher.close(Duration.ZERO);
    assertEquals(CLOSED, handled.poll());
    assertEquals(CLOSED, polled.poll());
    assertEquals(1, ends.count());
    assertEquals(0, firmware.entries());
  }

  /** The last round of the watch is over when the call is queued: nobody else would end it. */
  @Test
  void aCallThatWasLentBeforeTheCloseAndIsQueuedAfterItIsRefused() {
    for (boolean handled : new boolean[] {false, true}) {
      Dispatcher dispatcher = builder().start();
      PendingCall call =
          handled ? dispatcher.async().newPendingCall(ends) : dispatcher.async().newPendingCall();
      List<EfiCapsuleHeader> closing =
          new AbstractList<>() {
            @Override
            public int size() {
              dispatcher.close();
              return 1;
            }

            @Override
            public EfiCapsuleHeader get(int index) {
              return new EfiCapsuleHeader(
                  new EfiGuid(1, 2), EfiCapsuleHeader.SIZE_BYTES, 0, EfiCapsuleHeader.SIZE_BYTES);
            }
          };
      assertFalse(dispatcher.async().updateCapsule(call, closing, 0));
      assertEquals(CLOSED, call.poll());
      assertFalse(call.isPending());
    }
    assertEquals(0, ends.count());
    assertEquals(0, firmware.entries());
  }

  /** Stopped between the two steps of publishing; the close finds the call queued and ends it. */
  @Test
  void aCallThatIsClosedWhileItIsPublishedEndsOnce() throws InterruptedException {
    try (StepStop stop = new StepStop(Occurrence.first(Step.CALL_QUEUED))) {
      Dispatcher dispatcher = builder().stepHook(stop).start();
      PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
      CallerThread<Boolean> starting = CallerThread.start(() -> startVendor(dispatcher, call));
      stop.awaitStopped();
      dispatcher.close(Duration.ZERO);
      assertEquals(CLOSED, ends.await().result());
      stop.release();
      assertTrue(starting.result(), "it was started, since its handler was told");
      assertEquals(CLOSED, call.poll());
    }
    assertEquals(1, ends.count());
    assertEquals(0, firmware.entries());
  }
}
