// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServicesAbi;
import io.efirts.api.CallResult;
import io.efirts.api.CompletionHandler;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a completion handler does wrong harms neither the worker nor anybody else's call. */
@Timeout(60)
class HandlerTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final CallResult WOULD_BLOCK =
      CallResult.refused(Outcome.WOULD_BLOCK, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final RecordedEvents events = new RecordedEvents();
  private final RecordedEnds ends = new RecordedEnds();

  private Dispatcher start() {
    return Dispatcher.builder().firmware(firmware).calls(2).listener(events).start();
  }

  private static boolean startVendor(Dispatcher dispatcher, PendingCall call) {
    return dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0);
  }

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  @Test
  void whatAHandlerThrowsIsCountedAndToldAndEndsThere() {
    List<Throwable> thrown =
        List.of(new IllegalStateException("injected"), new StackOverflowError("injected"));
    try (Dispatcher dispatcher = start()) {
      for (Throwable each : thrown) {
        PendingCall call = dispatcher.asyncAbi().newPendingCall(result -> sneak(each));
        assertTrue(startVendor(dispatcher, call));
      }
      assertTrue(getTime(dispatcher).isSuccess(), "the worker goes on");
      Eventually.isTrue(
          "both must be told", () -> events.all(DispatcherEvent.HandlerFailed.class).size() == 2);
      // In any order: one may be delivered by the worker while the watch delivers the other.
      assertEquals(
          Set.copyOf(thrown),
          events.all(DispatcherEvent.HandlerFailed.class).stream()
              .map(DispatcherEvent.HandlerFailed::thrown)
              .collect(Collectors.toSet()));
      assertEquals(2, dispatcher.count(Counter.HANDLER_FAILURES));
      assertEquals(0, dispatcher.count(Counter.WORKER_ERRORS));
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** On the worker, and on the watch, where a cancelled call is delivered. */
  @Test
  void aHandlerCannotWait() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.SET_TIME, hold);
    try (Dispatcher dispatcher = start();
        hold) {
      List<CallResult> answers = Collections.synchronizedList(new ArrayList<>());
      List<Boolean> started = Collections.synchronizedList(new ArrayList<>());
      AsyncRuntimeServicesAbi abi = dispatcher.asyncAbi();
      CompletionHandler waiting =
          result -> {
            answers.add(getTime(dispatcher));
            answers.add(dispatcher.abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0));
            started.add(startVendor(dispatcher, abi.newPendingCall()));
            ends.completed(result);
          };
      PendingCall onWorker = abi.newPendingCall(waiting);
      PendingCall onWatch = abi.newPendingCall(waiting);
      assertTrue(abi.call(onWorker, RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      hold.awaitEntered();
      assertTrue(startVendor(dispatcher, onWatch));
      assertTrue(onWatch.cancel());
      assertEquals("efi-rts-watch", ends.await().thread().getName());
      hold.release();
      assertTrue(ends.await().result().isSuccess());
      assertEquals(Collections.nCopies(4, WOULD_BLOCK), answers);
      assertEquals(List.of(true, true), started, "it may start calls");
    }
  }

  @Test
  void aHandlerCannotCloseItsDispatcher() throws InterruptedException {
    try (Dispatcher dispatcher = start()) {
      PendingCall call =
          dispatcher
              .asyncAbi()
              .newPendingCall(
                  result -> {
                    ends.completed(result);
                    dispatcher.close(Duration.ofSeconds(1));
                  });
      assertTrue(startVendor(dispatcher, call));
      Thread handler = ends.await().thread();
      Throwable thrown = events.await(DispatcherEvent.HandlerFailed.class).thrown();
      String message = assertInstanceOf(IllegalStateException.class, thrown).getMessage();
      assertEquals(
          "close must not be called from inside the firmware or a completion handler: thread="
              + handler.getName(),
          message);
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    }
  }

  /** The results cannot be copied to memory that only another thread may touch. */
  @Test
  void resultsThatCannotBeCopiedOutDoNotHoldUpTheEnd() throws InterruptedException {
    firmware.on(
        RuntimeService.GET_VARIABLE,
        frame -> {
          frame.memory().putLong(frame.word(3), 4);
          return 0;
        });
    try (Dispatcher dispatcher = start();
        Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(4);
      PendingCall call = dispatcher.async().newPendingCall(ends);
      for (int round = 1; round <= 4; round++) {
        assertTrue(dispatcher.async().getVariable(call, "n", GUID, null, new LongHolder(4), data));
        assertEquals(CallResult.completed(0), ends.await().result());
        assertFalse(call.isPending());
      }
      assertEquals(4, dispatcher.count(Counter.HANDLER_FAILURES));
      assertSame(
          WrongThreadException.class,
          events.await(DispatcherEvent.HandlerFailed.class).thrown().getClass());
      assertEquals(0, dispatcher.count(Counter.WORKER_ERRORS));
      assertArrayEquals(new byte[4], data.toArray(ValueLayout.JAVA_BYTE));
    }
    assertEquals(4, ends.count());
  }

  @Test
  void aPollThatCannotCopyOutThrowsAndSettlesTheCall() {
    firmware.on(
        RuntimeService.GET_VARIABLE,
        frame -> {
          frame.memory().putLong(frame.word(3), 4);
          return 0;
        });
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).calls(1).invoker().start()) {
      PendingCall call = dispatcher.async().newPendingCall();
      for (int round = 0; round < 2; round++) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment data = arena.allocate(4);
          assertTrue(
              dispatcher.async().getVariable(call, "n", GUID, null, new LongHolder(4), data));
        }
        assertTrue(dispatcher.pump());
        assertThrows(IllegalStateException.class, call::poll, "its memory is gone");
        assertEquals(CallResult.completed(0), call.poll());
      }
    }
  }
}
