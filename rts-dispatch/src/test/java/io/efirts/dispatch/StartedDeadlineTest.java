// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.LateReturn;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The watch enforces the deadlines of calls that nobody waits for, and disables nothing by that
 * (I-12). What firmware writes late reaches nobody (I-7, I-8).
 */
@Timeout(60)
class StartedDeadlineTest {
  private static final Duration LIMIT = Duration.ofMillis(20);
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final CallResult NOT_MADE = CallResult.refused(Outcome.TIMED_OUT, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final VirtualClock clock = new VirtualClock();
  private final LateReturn late = new LateReturn();
  private final RecordedEvents events = new RecordedEvents();
  private final RecordedEnds ends = new RecordedEnds();

  private DispatcherBuilder builder() {
    return Dispatcher.builder().firmware(firmware).calls(2).listener(events);
  }

  /** Pumped from here: nothing happens by itself, so the call is queued when its time is over. */
  @Test
  void aQueuedCallIsGivenUpAtItsDeadlineAndNotBefore() throws InterruptedException {
    try (Dispatcher dispatcher = builder().clock(clock).invoker().start();
        late) {
      firmware.on(RuntimeService.SET_TIME, late);
      AsyncRuntimeServices async = dispatcher.async(LIMIT);
      PendingCall inside = dispatcher.asyncAbi().newPendingCall();
      assertTrue(dispatcher.asyncAbi().call(inside, RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      CallerThread<Boolean> pumper = CallerThread.start(dispatcher::pump);
      late.awaitEntered();

      PendingCall queued = async.newPendingCall(ends);
      assertTrue(async.getTime(queued, new EfiTimeHolder(), null));
      clock.advance(LIMIT.minusNanos(1));
      assertFalse(dispatcher.pump(), "another thread pumps");
      assertTrue(queued.isPending());
      clock.advance(Duration.ofNanos(1));
      assertFalse(dispatcher.pump());
      assertEquals(NOT_MADE, ends.await().result());
      assertEquals(NOT_MADE, queued.poll());
      late.release();
      assertTrue(pumper.result());
      dispatcher.pump();
      assertTrue(inside.poll().isSuccess(), "its neighbour is not affected");
    }
    assertEquals(1, firmware.entries());
    assertEquals(1, ends.count());
  }

  /** I-7, I-8: firmware writes after the handler was told, into memory of the dispatcher's. */
  @Test
  void aTypedCallThatTimesOutInsideLeavesItsHoldersAlone() throws InterruptedException {
    try (Dispatcher dispatcher = builder().clock(clock).invoker().start();
        late) {
      firmware.on(RuntimeService.GET_VARIABLE, late);
      AsyncRuntimeServices async = dispatcher.async(LIMIT);
      PendingCall call = async.newPendingCall(ends);
      byte[] data = {1, 2, 3, 4};
      IntHolder attributes = new IntHolder();
      LongHolder size = new LongHolder(4);
      MemorySegment target = MemorySegment.ofArray(data);
      assertTrue(async.getVariable(call, "late", GUID, attributes, size, target));
      CallerThread<Boolean> pumper = CallerThread.start(dispatcher::pump);
      late.awaitEntered();
      clock.advance(LIMIT);
      dispatcher.pump();
      CallResult timedOut = CallResult.refused(Outcome.TIMED_OUT, true, false);
      assertEquals(timedOut, ends.await().result());
      late.release();
      assertTrue(pumper.result());
      assertEquals(timedOut, call.poll());
      assertArrayEquals(new byte[] {1, 2, 3, 4}, data);
      assertEquals(0, attributes.value);
      assertEquals(4, size.value);
      assertEquals(1, dispatcher.count(Counter.ABANDONED));
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
    assertEquals(1, ends.count());
  }

  /** With the dispatcher's own threads, and nobody who polls or waits. */
  @Test
  void theWatchThreadEnforcesDeadlinesOfItsOwnAccord() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        late) {
      firmware.on(RuntimeService.SET_TIME, late);
      PendingCall inside = dispatcher.asyncAbi().newPendingCall();
      assertTrue(dispatcher.asyncAbi().call(inside, RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      late.awaitEntered();
      AsyncRuntimeServices async = dispatcher.async(LIMIT);
      PendingCall queued = async.newPendingCall(ends);
      assertTrue(async.getTime(queued, new EfiTimeHolder(), null));
      RecordedEnds.End end = ends.await();
      assertEquals(NOT_MADE, end.result());
      assertEquals("efi-rts-watch", end.thread().getName());
      assertNull(inside.poll());
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
    assertEquals(1, firmware.entries());
  }

  /** I-8: the caller's own memory is firmware's until the event says otherwise. */
  @Test
  void aCallByWordsThatTimesOutSaysWhenFirmwareHasLetGo() throws InterruptedException {
    try (Dispatcher dispatcher = builder().start();
        late) {
      firmware.onVendor(0x7000, late);
      PendingCall call = dispatcher.asyncAbi().newPendingCall(ends);
      boolean inside = false;
      while (!inside) {
        // On a busy machine the deadline can pass before the worker gets there, and calls that
        // timed out can fill the ring: then again.
        if (!dispatcher.asyncAbi(LIMIT).callVendor(call, 0x7000, 3, 10, 20, 30, 0, 0, 0)) {
          assertEquals(CallResult.refused(Outcome.BUSY, false, false), call.poll());
          continue;
        }
        CallResult result = ends.await().result();
        assertEquals(Outcome.TIMED_OUT, result.outcome());
        assertEquals(result.firmwareEntered(), result.firmwareMayStillWrite());
        inside = result.firmwareEntered();
      }
      assertEquals(List.of(), events.all(DispatcherEvent.LateReturn.class));
      late.release();
      assertEquals(
          new DispatcherEvent.LateReturn(
              null, 0x7000, List.of(10L, 20L, 30L), CallResult.completed(0)),
          events.await(DispatcherEvent.LateReturn.class));
      assertEquals(1, dispatcher.count(Counter.LATE_RETURNS));
    }
  }
}
