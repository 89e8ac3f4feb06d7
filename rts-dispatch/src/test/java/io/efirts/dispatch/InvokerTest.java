// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.RecordedCall;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dispatcher without threads: calls are made by whoever pumps or waits, in order. */
@Timeout(60)
class InvokerTest {
  private final ScriptedFirmware firmware = new ScriptedFirmware().record(64);
  private final RecordedEvents events = new RecordedEvents();

  private Dispatcher start(int calls) {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(calls)
        .bufferBytes(1024)
        .listener(events)
        .threads(
            work -> {
              throw new AssertionError("no thread must be made");
            })
        .invoker()
        .start();
  }

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  private static PendingCall started(Dispatcher dispatcher, long entry) {
    PendingCall call = dispatcher.asyncAbi().newPendingCall();
    assertTrue(dispatcher.asyncAbi().callVendor(call, entry, 0, 0, 0, 0, 0, 0, 0));
    return call;
  }

  private List<Long> entriesMade() {
    return firmware.recorded().stream().map(RecordedCall::vendorEntryPoint).toList();
  }

  @Test
  void noThreadIsMadeAndNothingHappensByItself() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (Dispatcher dispatcher = start(4)) {
      Set<Thread> made = new HashSet<>(Thread.getAllStackTraces().keySet());
      made.removeAll(before);
      made.removeIf(thread -> !thread.getName().startsWith("efi-rts"));
      assertEquals(Set.of(), made);
      assertFalse(dispatcher.pump(), "nothing is queued");
      PendingCall call = started(dispatcher, 1);
      assertEquals(0, firmware.entries());
      assertTrue(call.isPending());
      assertTrue(dispatcher.pump());
      assertFalse(dispatcher.pump());
      assertTrue(call.poll().isSuccess());
      assertTrue(getTime(dispatcher).isSuccess());
      for (RecordedCall recorded : firmware.recorded()) {
        assertSame(Thread.currentThread(), recorded.thread());
      }
    }
  }

  /** One pump is one call, in the order of publication; a blocking call comes after those. */
  @Test
  void callsAreMadeInTheOrderInWhichTheyWereQueued() {
    try (Dispatcher dispatcher = start(8)) {
      List<PendingCall> calls = new ArrayList<>();
      for (int entry = 1; entry <= 4; entry++) {
        calls.add(started(dispatcher, entry));
      }
      assertTrue(dispatcher.pump());
      assertEquals(List.of(1L), entriesMade());
      assertTrue(calls.get(1).cancel());
      assertTrue(dispatcher.pump(), "the slot of a call that was cancelled is taken off too");
      assertEquals(List.of(1L), entriesMade());
      assertTrue(dispatcher.abi().callVendor(5, 0, 0, 0, 0, 0, 0, 0).isSuccess());
      assertEquals(List.of(1L, 3L, 4L, 5L), entriesMade());
      assertFalse(dispatcher.pump());
    }
  }

  /** One work item, two slots: what the ring is full of is made first. */
  @Test
  void aBlockingCallMakesRoomForItselfInAFullRing() {
    try (Dispatcher dispatcher = start(1)) {
      for (int slot = 1; slot <= 2; slot++) {
        PendingCall call = started(dispatcher, slot);
        assertTrue(call.cancel());
        assertEquals(Outcome.CANCELLED, call.poll().outcome());
      }
      PendingCall refused = dispatcher.asyncAbi().newPendingCall();
      assertFalse(dispatcher.asyncAbi().callVendor(refused, 3, 0, 0, 0, 0, 0, 0, 0));
      assertEquals(Outcome.BUSY, refused.poll().outcome());
      assertTrue(dispatcher.abi().callVendor(4, 0, 0, 0, 0, 0, 0, 0).isSuccess());
      assertEquals(List.of(4L), entriesMade());
    }
  }

  @Test
  void aSecondPumperReturnsAtOnceAndASecondCallerWaits() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.GET_TIME, hold);
    try (Dispatcher dispatcher = start(4);
        hold) {
      CallerThread<CallResult> first = CallerThread.start(() -> getTime(dispatcher));
      Thread inside = hold.awaitEntered();
      assertSame(first.thread(), inside, "a waiting caller pumps for itself");
      started(dispatcher, 1);
      assertFalse(dispatcher.pump(), "another thread pumps");
      CallerThread<CallResult> second = CallerThread.start(() -> getTime(dispatcher));
      second.awaitParked();
      hold.release();
      assertTrue(first.result().isSuccess());
      assertTrue(second.result().isSuccess());
    }
    assertEquals(1, firmware.greatestInside());
    assertEquals(3, firmware.entries());
  }

  @Test
  void aPumpFromInsideTakesNothingAndABlockingCallWouldBlock() {
    Dispatcher[] self = new Dispatcher[1];
    List<Object> answers = new ArrayList<>();
    firmware.on(
        RuntimeService.SET_TIME,
        frame -> {
          answers.add(self[0].pump());
          answers.add(getTime(self[0]).outcome());
          return 0;
        });
    try (Dispatcher dispatcher = start(4)) {
      self[0] = dispatcher;
      assertTrue(dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0).isSuccess());
      assertEquals(List.of(false, Outcome.WOULD_BLOCK), answers);
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void aPumpMakesARoundOfTheWatch() {
    VirtualClock clock = new VirtualClock();
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).clock(clock).listener(events).invoker().start()) {
      PendingCall late = dispatcher.async(Duration.ofSeconds(1)).newPendingCall(result -> {});
      PendingCall failing =
          dispatcher
              .asyncAbi()
              .newPendingCall(
                  result -> {
                    throw new IllegalStateException("injected");
                  });
      assertTrue(dispatcher.asyncAbi().callVendor(failing, 1, 0, 0, 0, 0, 0, 0, 0));
      assertTrue(dispatcher.async(Duration.ofSeconds(1)).getTime(late, new EfiTimeHolder(), null));
      clock.advance(Duration.ofSeconds(1));
      assertTrue(dispatcher.pump());
      assertEquals(CallResult.refused(Outcome.TIMED_OUT, false, false), late.poll());
      assertEquals(1, events.all(DispatcherEvent.HandlerFailed.class).size());
    }
    assertEquals(1, firmware.entries());
  }

  @Test
  void aDispatcherWithAWorkerCannotBePumped() {
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).start()) {
      assertEquals(
          "a dispatcher must be an invoker to be pumped: invoker=false",
          assertThrows(IllegalStateException.class, dispatcher::pump).getMessage());
    }
  }

  @Test
  void afterACloseAPumpTakesNothing() {
    Dispatcher dispatcher = start(4);
    PendingCall call = started(dispatcher, 1);
    dispatcher.close();
    assertTrue(call.poll().isSuccess(), "a close makes what is queued");
    assertFalse(dispatcher.pump());
    assertEquals(1, firmware.entries());
  }
}
