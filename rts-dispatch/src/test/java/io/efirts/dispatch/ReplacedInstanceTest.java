// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.fault.LateReturn;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nothing that was queued at, or comes back from, a disabled instance reaches the one that serves.
 */
@Timeout(60)
class ReplacedInstanceTest {
  private static final Firmware FAULT = FirmwareThrows.error(new AssertionError("injected"));
  private static final RearmPolicy AT_ONCE = RearmPolicy.afterProbe(8, Duration.ZERO);
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);
  private static final CallResult NOT_MADE = CallResult.refused(Outcome.DISABLED, false, false);

  private final RecordedEvents events = new RecordedEvents();

  private DispatcherBuilder builder() {
    return Dispatcher.builder().calls(4).bufferBytes(1024).listener(events).rearm(AT_ONCE);
  }

  /** Gives one firmware after the other, the last one for ever. */
  private static FirmwareFactory factory(Firmware... firmware) {
    List<Firmware> left = new CopyOnWriteArrayList<>(firmware);
    return () ->
        new FirmwareInstance(
            left.size() > 1 ? left.removeFirst() : left.getFirst(),
            new FlatFirmwareContext(1 << 20));
  }

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  private static CallResult setTime(Dispatcher dispatcher) {
    return dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
  }

  private static void awaitOpen(Dispatcher dispatcher) {
    Eventually.isTrue("a new instance must serve", () -> dispatcher.mode() == DispatcherMode.OPEN);
  }

  /** I-7: the old worker returns in the middle of a call of the new one's. */
  @Test
  void whatComesBackFromTheOldInstanceReachesNobody() throws InterruptedException {
    LateReturn late = new LateReturn();
    // No probe makes it: its short limit cannot give a slow but healthy new instance up.
    RuntimeService hanging = RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT;
    ScriptedFirmware old = new ScriptedFirmware().on(hanging, late);
    ScriptedFirmware fresh = new ScriptedFirmware();
    try (Dispatcher dispatcher =
            builder()
                .firmware(factory(old, fresh))
                .wedgeLimit(hanging, Duration.ofMillis(20))
                .start();
        late) {
      IntHolder untouched = new IntHolder();
      untouched.value = 77;
      assertEquals(
          CallResult.refused(Outcome.DISABLED, true, false),
          dispatcher.runtimeServices().getNextHighMonotonicCount(untouched));
      awaitOpen(dispatcher);
      FirmwareHold hold =
          new FirmwareHold(
              frame -> {
                frame.memory().putLong(frame.word(1), 5);
                return 3;
              });
      fresh.on(RuntimeService.CONVERT_POINTER, hold);
      try (hold) {
        LongHolder address = new LongHolder(1);
        CallerThread<CallResult> calling =
            CallerThread.start(() -> dispatcher.runtimeServices().convertPointer(0, address));
        hold.awaitEntered();
        late.release();
        DispatcherEvent.LateReturn returned = events.await(DispatcherEvent.LateReturn.class);
        assertEquals(hanging, returned.service());
        assertEquals(Outcome.BUSY, busyWhileInside(dispatcher), "the new gate is still taken");
        hold.release();
        assertEquals(CallResult.completed(3), calling.result());
      }
      assertEquals(77, untouched.value);
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
      assertTrue(getTime(dispatcher).isSuccess());
    }
    assertEquals(1, old.entries());
    assertEquals(1, fresh.greatestInside());
  }

  private static Outcome busyWhileInside(Dispatcher dispatcher) {
    LongHolder ignored = new LongHolder();
    return dispatcher.nonBlocking().queryVariableInfo(7, ignored, ignored, ignored).outcome();
  }

  @Test
  void callsQueuedBehindTheFaultAreRefusedAndNotMadeByTheNextInstance()
      throws InterruptedException {
    FirmwareHold hold = new FirmwareHold(FAULT);
    ScriptedFirmware old = new ScriptedFirmware().on(RuntimeService.SET_TIME, hold);
    ScriptedFirmware fresh = new ScriptedFirmware().record(8);
    try (Dispatcher dispatcher = builder().firmware(factory(old, fresh)).start();
        hold) {
      CallerThread<CallResult> inside = CallerThread.start(() -> setTime(dispatcher));
      hold.awaitEntered();
      RecordedEnds ends = new RecordedEnds();
      assertTrue(
          dispatcher
              .asyncAbi()
              .callVendor(dispatcher.asyncAbi().newPendingCall(ends), 1, 0, 0, 0, 0, 0, 0, 0));
      CallerThread<CallResult> queued =
          CallerThread.start(() -> dispatcher.abi().callVendor(2, 0, 0, 0, 0, 0, 0, 0));
      queued.awaitParked();
      hold.release();
      assertEquals(FAULTED, inside.result());
      assertEquals(NOT_MADE, queued.result());
      assertEquals(NOT_MADE, ends.await().result());
      awaitOpen(dispatcher);
    }
    assertEquals(1, old.entries());
    assertEquals(
        Collections.emptyList(),
        fresh.recorded().stream().filter(c -> c.service() == null).toList());
  }
}
