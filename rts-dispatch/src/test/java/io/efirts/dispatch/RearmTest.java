// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.fault.LateReturn;
import io.efirts.testkit.fault.NthCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A new firmware instance serves in a disabled one's place, if the policy says so and it can be
 * one.
 */
@Timeout(60)
class RearmTest {
  private static final Firmware FAULT = FirmwareThrows.error(new AssertionError("injected"));
  private static final RearmPolicy AT_ONCE = RearmPolicy.afterProbe(8, Duration.ZERO);
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);
  private static final CallResult NOT_MADE = CallResult.refused(Outcome.DISABLED, false, false);

  private final RecordedEvents events = new RecordedEvents();

  private DispatcherBuilder builder() {
    return Dispatcher.builder().calls(4).bufferBytes(1024).listener(events).rearm(AT_ONCE);
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

  @Test
  void afterAFaultTheSameFirmwareServesInANewContext() {
    ScriptedFirmware firmware = new ScriptedFirmware();
    List<AddressSpaceView> memories = new CopyOnWriteArrayList<>();
    firmware.on(
        RuntimeService.SET_TIME,
        frame -> {
          memories.add(frame.memory());
          return memories.size() == 1 ? FAULT.call(frame) : 0;
        });
    try (Dispatcher dispatcher = builder().firmware(firmware).start()) {
      assertEquals(FAULTED, setTime(dispatcher));
      awaitOpen(dispatcher);
      assertTrue(setTime(dispatcher).isSuccess());
      assertNotSame(memories.get(0), memories.get(1));
      assertTrue(dispatcher.fault().isEmpty(), "the instance that serves has not faulted");
      assertEquals(new DispatcherEvent.Rearmed(1), events.await(DispatcherEvent.Rearmed.class));
      assertEquals(
          "injected", events.await(DispatcherEvent.Faulted.class).report().thrown().getMessage());
      assertEquals(1, dispatcher.count(Counter.REARMS));
      assertEquals(0, dispatcher.count(Counter.REARM_FAILURES));
    }
  }

  @Test
  void afterAWedgeTheSameFirmwareIsNeverEnteredAgain() throws InterruptedException {
    ScriptedFirmware firmware = new ScriptedFirmware();
    VirtualClock clock = new VirtualClock();
    LateReturn late = new LateReturn();
    firmware.on(RuntimeService.SET_TIME, late);
    try (Dispatcher dispatcher = builder().firmware(firmware).clock(clock).invoker().start();
        late) {
      CallerThread<CallResult> inside = CallerThread.start(() -> setTime(dispatcher));
      late.awaitEntered();
      dispatcher.pump();
      clock.advance(Duration.ofSeconds(120));
      for (int round = 0; round < 10; round++) {
        dispatcher.pump();
        assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
        clock.advance(Duration.ofHours(1));
      }
      late.release();
      assertTrue(inside.result().isSuccess(), "nobody waited who could have given it up");
      dispatcher.pump();
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode(), "it was given up on for good");
      assertEquals(0, dispatcher.count(Counter.REARMS) + dispatcher.count(Counter.REARM_FAILURES));
    }
    assertEquals(1, firmware.entries());
  }

  /** The mode is that of the instance that serves; that one was replaced is nobody's business. */
  @Test
  void nobodySeesThatAnInstanceIsReplaced() throws InterruptedException {
    int faults = 8;
    ScriptedFirmware firmware = new ScriptedFirmware();
    AtomicBoolean over = new AtomicBoolean();
    try (Dispatcher dispatcher =
        builder()
            .firmware(() -> new FirmwareInstance(firmware, new FlatFirmwareContext(1 << 20)))
            .start()) {
      CallerThread<Boolean> looking =
          CallerThread.start(
              () -> {
                boolean seen = false;
                while (!over.get()) {
                  DispatcherMode mode = dispatcher.mode();
                  seen |= mode != DispatcherMode.OPEN && mode != DispatcherMode.DISABLED;
                  Thread.onSpinWait();
                }
                return seen;
              });
      for (int i = 1; i <= faults; i++) {
        firmware.on(RuntimeService.SET_TIME, new NthCall(1, FAULT, frame -> 0));
        assertEquals(FAULTED, setTime(dispatcher));
        awaitOpen(dispatcher);
        assertTrue(setTime(dispatcher).isSuccess());
      }
      over.set(true);
      assertFalse(looking.result());
      // Counted once the new instance serves already, by a thread that may be held up in between.
      Eventually.isTrue(
          "each replacement must be counted", () -> dispatcher.count(Counter.REARMS) == faults);
      // The limit counts for the dispatcher's life.
      firmware.on(RuntimeService.SET_TIME, FAULT);
      assertEquals(FAULTED, setTime(dispatcher));
      assertEquals(NOT_MADE, getTime(dispatcher));
      events
          .all(DispatcherEvent.ModeChanged.class)
          .forEach(
              changed -> assertFalse(changed.toString().contains("REPLACED"), changed::toString));
    }
  }
}
