// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.step.StepLog;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-4: non-blocking calls can be made from anywhere. Where firmware is free they are made; where
 * the thread itself, or another one, is inside, they are refused at once without effect (I-5).
 */
@Timeout(60)
class BypassAnywhereTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final CallResult BUSY = CallResult.refused(Outcome.BUSY, false, false);
  private static final long UNTOUCHED = 77;

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final LongHolder holder = new LongHolder();
  private final MemorySegment data = MemorySegment.ofArray(new byte[8]);

  private DispatcherBuilder builder() {
    return Dispatcher.builder().firmware(firmware).calls(4).storageReserve(0);
  }

  private CallResult set(Dispatcher dispatcher) {
    return dispatcher.nonBlocking().setVariable("n", GUID, 7, data.byteSize(), data);
  }

  private CallResult query(Dispatcher dispatcher) {
    return dispatcher.nonBlocking().queryVariableInfo(7, holder, holder, holder);
  }

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  /** On the way of each kind of call, which goes on undisturbed. */
  @Test
  void fromInsideTheFirmwareTheyAreBusy() {
    Dispatcher[] self = new Dispatcher[1];
    List<CallResult> nested = new ArrayList<>();
    try (Dispatcher dispatcher = builder().invoker().start()) {
      self[0] = dispatcher;
      for (RuntimeService service :
          List.of(
              RuntimeService.GET_TIME, RuntimeService.SET_VARIABLE, RuntimeService.RESET_SYSTEM)) {
        firmware.on(
            service,
            frame -> {
              long name = frame.word(0);
              holder.value = UNTOUCHED;
              nested.add(set(self[0]));
              nested.add(query(self[0]));
              assertEquals(UNTOUCHED, holder.value);
              assertEquals(name, frame.word(0), "the outer call's arguments are its own");
              return EfiStatus.WARN_STALE_DATA.raw();
            });
      }
      CallResult answer = CallResult.completed(EfiStatus.WARN_STALE_DATA.raw());
      assertEquals(answer, getTime(dispatcher));
      assertEquals(answer, set(dispatcher));
      assertEquals(
          answer,
          dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
      assertEquals(Collections.nCopies(6, BUSY), nested);
      assertEquals(3, firmware.entries());
      assertEquals(6, dispatcher.count(Counter.BYPASS_BUSY));
      assertEquals(1, firmware.greatestInside());
    }
  }

  /** A handler runs behind its call: the gate is free. */
  @Test
  void inACompletionHandlerOnTheWorkerTheyAreMade() throws InterruptedException {
    BlockingQueue<CallResult> results = new LinkedBlockingQueue<>();
    try (Dispatcher dispatcher = builder().start()) {
      PendingCall call =
          dispatcher
              .async()
              .newPendingCall(
                  result -> {
                    results.add(set(dispatcher));
                    results.add(query(dispatcher));
                  });
      assertTrue(dispatcher.async().getTime(call, new EfiTimeHolder(), null));
      assertTrue(results.poll(20, TimeUnit.SECONDS).isSuccess());
      assertTrue(results.poll(20, TimeUnit.SECONDS).isSuccess());
    }
  }

  /** Of an event that is told while the services are open, on the thread that watches. */
  @Test
  void inAListenerTheyAreMade() throws InterruptedException {
    BlockingQueue<CallResult> results = new LinkedBlockingQueue<>();
    Dispatcher[] self = new Dispatcher[1];
    firmware.on(RuntimeService.GET_VARIABLE, frame -> 0);
    try (Dispatcher dispatcher =
        builder()
            .listener(
                event -> {
                  if (event instanceof DispatcherEvent.HandlerFailed) {
                    results.add(set(self[0]));
                  }
                })
            .start()) {
      self[0] = dispatcher;
      PendingCall call =
          dispatcher
              .async()
              .newPendingCall(
                  result -> {
                    throw new IllegalStateException("injected");
                  });
      assertTrue(dispatcher.async().getTime(call, new EfiTimeHolder(), null));
      assertTrue(results.poll(20, TimeUnit.SECONDS).isSuccess());
    }
  }

  @Test
  void inAListenerOfAFaultTheyAreRefused() {
    List<CallResult> results = new ArrayList<>();
    Dispatcher[] self = new Dispatcher[1];
    firmware.on(RuntimeService.GET_TIME, FirmwareThrows.stackOverflow());
    try (Dispatcher dispatcher =
        builder()
            .invoker()
            .listener(
                event -> {
                  if (results.isEmpty()) {
                    results.add(set(self[0]));
                  }
                })
            .start()) {
      self[0] = dispatcher;
      getTime(dispatcher);
      dispatcher.pump();
      assertEquals(List.of(CallResult.refused(Outcome.DISABLED, false, false)), results);
      assertEquals(1, firmware.entries());
    }
  }

  @Test
  void inAHookAndAFallbackTheyAreMade() {
    List<CallResult> results = new ArrayList<>();
    Dispatcher[] self = new Dispatcher[1];
    try (Dispatcher dispatcher =
        builder()
            .invoker()
            .rebootHook(type -> results.add(set(self[0])))
            .resetFallback(type -> results.add(set(self[0])))
            .start()) {
      self[0] = dispatcher;
      dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
      assertEquals(Collections.nCopies(2, CallResult.completed(0)), results);
    }
  }

  /** The flag is neither looked at nor lost, whatever becomes of the call. */
  @Test
  void withTheInterruptFlagSetTheyAreMadeAndItStaysSet() {
    try (Dispatcher dispatcher = builder().invoker().start()) {
      Thread.currentThread().interrupt();
      assertTrue(set(dispatcher).isSuccess());
      assertTrue(query(dispatcher).isSuccess());
      assertTrue(Thread.currentThread().isInterrupted());
      firmware.on(RuntimeService.SET_VARIABLE, frame -> EfiStatus.DEVICE_ERROR.raw());
      assertEquals(CallResult.completed(EfiStatus.DEVICE_ERROR.raw()), set(dispatcher));
      assertTrue(Thread.interrupted());
      firmware.on(
          RuntimeService.SET_VARIABLE,
          frame -> {
            Thread.currentThread().interrupt();
            return 0;
          });
      assertTrue(set(dispatcher).isSuccess());
      assertTrue(Thread.interrupted(), "set by firmware");
      assertFalse(Thread.interrupted());
    }
  }

  /** I-11: direct calls, one after the other, hold a queued one up for one hold at most. */
  @Test
  void theyStayOutWhileTheWorkerWaits() throws InterruptedException {
    StepLog steps = new StepLog();
    FirmwareHold hold = new FirmwareHold();
    FirmwareHold worker = new FirmwareHold();
    firmware.on(RuntimeService.SET_VARIABLE, hold).on(RuntimeService.GET_TIME, worker);
    try (Dispatcher dispatcher = builder().stepHook(steps).start();
        hold;
        worker) {
      CallerThread<CallResult> inside = CallerThread.start(() -> set(dispatcher));
      hold.awaitEntered();
      CallerThread<CallResult> queued = CallerThread.start(() -> getTime(dispatcher));
      steps.awaitCount(Step.GATE_AWAITED, 1);
      assertEquals(BUSY, set(dispatcher));
      hold.release();
      assertTrue(inside.result().isSuccess());
      worker.awaitEntered();
      assertEquals(BUSY, set(dispatcher));
      worker.release();
      assertTrue(queued.result().isSuccess());
      assertTrue(set(dispatcher).isSuccess());
    }
    assertEquals(1, firmware.greatestInside());
  }
}
