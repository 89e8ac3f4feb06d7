// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServicesAbi;
import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepStop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A started call is delivered exactly once, on one of the dispatcher's threads (I-27). */
@Timeout(60)
class StartedDeliveryTest {
  private static final CallResult SUCCESS = CallResult.completed(0);
  private static final CallResult CANCELLED = CallResult.refused(Outcome.CANCELLED, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final FirmwareHold hold = new FirmwareHold();
  private Thread worker;

  private Dispatcher start() {
    return builder().start();
  }

  private DispatcherBuilder builder() {
    firmware.on(RuntimeService.SET_TIME, hold);
    return Dispatcher.builder()
        .firmware(firmware)
        .threads(
            work -> {
              worker = Thread.ofPlatform().daemon(true).name("worker").unstarted(work);
              return worker;
            });
  }

  private static boolean startVendor(AsyncRuntimeServicesAbi abi, PendingCall call) {
    return abi.callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0);
  }

  private static boolean startHeld(AsyncRuntimeServicesAbi abi, PendingCall call) {
    return abi.call(call, RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
  }

  @Test
  void theHandlerRunsOnceOnAThreadOfTheDispatchersWhenTheHandleIsIdleAgain()
      throws InterruptedException {
    try (Dispatcher dispatcher = start()) {
      RecordedEnds ends = new RecordedEnds();
      PendingCall[] call = new PendingCall[1];
      boolean[] pendingInHandler = {true};
      call[0] =
          dispatcher
              .asyncAbi()
              .newPendingCall(
                  result -> {
                    pendingInHandler[0] = call[0].isPending();
                    ends.completed(result);
                  });
      assertTrue(startVendor(dispatcher.asyncAbi(), call[0]));
      RecordedEnds.End end = ends.await();
      assertEquals(SUCCESS, end.result());
      assertTrue(
          end.thread() == worker || end.thread().getName().equals("efi-rts-watch"),
          () -> "whoever sees the end first: " + end);
      assertFalse(pendingInHandler[0]);
      assertEquals(SUCCESS, call[0].poll());
      assertEquals(SUCCESS, call[0].poll(), "a delivered result can be looked at again");
      assertEquals(1, ends.count());
    }
  }

  @Test
  void aHandlerMayStartTheNextCallWithTheSameHandle() throws InterruptedException {
    int calls = 1_000;
    try (Dispatcher dispatcher = start()) {
      CountDownLatch last = new CountDownLatch(calls);
      PendingCall[] call = new PendingCall[1];
      call[0] =
          dispatcher
              .asyncAbi()
              .newPendingCall(
                  result -> {
                    last.countDown();
                    if (result.isSuccess() && last.getCount() > 0) {
                      startVendor(dispatcher.asyncAbi(), call[0]);
                    }
                  });
      assertTrue(startVendor(dispatcher.asyncAbi(), call[0]));
      assertTrue(last.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
    }
    assertEquals(calls, firmware.entries());
  }

  /** Its publisher is stopped as soon as the call is in the ring. */
  @Test
  void aCallMayBeDeliveredBeforeItsStartHasReturned() throws InterruptedException {
    try (StepStop stop = new StepStop(Occurrence.first(Step.CALL_PUBLISHED));
        Dispatcher dispatcher = builder().stepHook(stop).start()) {
      RecordedEnds ends = new RecordedEnds();
      PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
      CallerThread<Boolean> starting =
          CallerThread.start(() -> startVendor(dispatcher.asyncAbi(), call));
      stop.awaitStopped();
      assertEquals(SUCCESS, ends.await().result());
      stop.release();
      assertTrue(starting.result());
      assertEquals(1, ends.count());
    }
  }

  @Test
  void aPollFindsNothingUntilTheCallHasEnded() throws InterruptedException {
    try (Dispatcher dispatcher = start();
        hold) {
      PendingCall call = dispatcher.asyncAbi().newPendingCall();
      assertTrue(startHeld(dispatcher.asyncAbi(), call));
      hold.awaitEntered();
      assertNull(call.poll());
      assertTrue(call.isPending());
      hold.release();
      Eventually.isTrue("the call must be delivered", () -> call.poll() != null);
      assertEquals(SUCCESS, call.poll());
      assertFalse(call.isPending());
    }
  }

  @Test
  void aCallIsWithdrawnUntilFirmwareIsEntered() throws InterruptedException {
    try (Dispatcher dispatcher = start();
        hold) {
      AsyncRuntimeServicesAbi abi = dispatcher.asyncAbi();
      PendingCall inside = abi.newPendingCall();
      assertTrue(startHeld(abi, inside));
      Thread watchedWorker = hold.awaitEntered();
      RecordedEnds ends = new RecordedEnds();
      PendingCall handled = abi.newPendingCall(ends);
      PendingCall polled = abi.newPendingCall();
      assertTrue(startVendor(abi, handled));
      assertTrue(startVendor(abi, polled));

      assertTrue(polled.cancel());
      assertFalse(polled.cancel(), "it has ended");
      assertEquals(CANCELLED, polled.poll());
      assertTrue(handled.cancel());
      RecordedEnds.End end = ends.await();
      assertEquals(CANCELLED, end.result());
      assertEquals("efi-rts-watch", end.thread().getName(), "the worker is inside");
      assertFalse(inside.cancel(), "firmware was entered");
      assertSame(worker, watchedWorker);

      hold.release();
      Eventually.isTrue("the call must be delivered", () -> inside.poll() != null);
      assertEquals(SUCCESS, inside.poll());
      assertFalse(inside.cancel(), "it was delivered");
      assertEquals(1, ends.count());
    }
    assertEquals(1, firmware.entries());
  }

  /** Calls that end, are cancelled and time out at the same time: each handle has one end. */
  @Test
  void cancellingAgainstTheWorkerEndsEachCallOnce() throws InterruptedException {
    int calls = 2_000;
    int withdrawn = 0;
    try (Dispatcher dispatcher = start()) {
      RecordedEnds ends = new RecordedEnds();
      PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
      for (int i = 0; i < calls; i++) {
        // Slots of cancelled calls stay in the ring until the worker has come by.
        while (!startVendor(dispatcher.asyncAbi(), call)) {
          assertEquals(CallResult.refused(Outcome.BUSY, false, false), call.poll());
          Thread.onSpinWait();
        }
        for (int spin = 0; spin < i % 128; spin++) {
          Thread.onSpinWait();
        }
        boolean cancelled = call.cancel();
        withdrawn += cancelled ? 1 : 0;
        assertEquals(cancelled ? CANCELLED : SUCCESS, ends.await().result());
      }
      assertEquals(calls, ends.count());
    }
    assertEquals(calls - withdrawn, firmware.entries());
  }

  @Test
  void aStageEndsWithTheCallAndIsNeverExceptional() throws Exception {
    Dispatcher dispatcher = start();
    EfiTimeHolder time = new EfiTimeHolder();
    CompletableFuture<CallResult> made =
        dispatcher.async().stage((s, call) -> s.getTime(call, time, null)).toCompletableFuture();
    assertEquals(SUCCESS, made.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
    dispatcher.close();
    CompletableFuture<CallResult> refused =
        dispatcher.async().stage((s, call) -> s.getTime(call, time, null)).toCompletableFuture();
    assertTrue(refused.isDone());
    assertEquals(CallResult.refused(Outcome.CLOSED, false, false), refused.get());
  }
}
