// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.FirmwareProbe;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.FirmwareThrows;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An attempt to re-arm that fails leaves the services disabled; the next one follows after the
 * pause, and there are no more than the policy allows. Pumped, on a clock of the test's.
 */
@Timeout(60)
class RearmFailureTest {
  private static final int LIMIT = 3;
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration TICK = Duration.ofNanos(1);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final VirtualClock clock = new VirtualClock();
  private final RecordedEvents events = new RecordedEvents();
  private final AtomicInteger made = new AtomicInteger();

  /** Not one of the errors that the JVM throws by itself. */
  private static final class CustomError extends Error {
    private static final long serialVersionUID = 1;
  }

  /** A dispatcher that faults in its first call. */
  private Dispatcher faulted(FirmwareFactory later, FirmwareProbe probe) {
    firmware.on(RuntimeService.SET_TIME, FirmwareThrows.error(new AssertionError("injected")));
    FirmwareFactory factory =
        () -> made.getAndIncrement() == 0 ? instance(firmware) : later.create();
    Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(factory)
            .calls(2)
            .bufferBytes(1024)
            .clock(clock)
            .listener(events)
            .rearm(new RearmPolicy(LIMIT, PAUSE, probe, Duration.ofSeconds(1)))
            .invoker()
            .start();
    dispatcher.abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
    assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
    return dispatcher;
  }

  private static FirmwareInstance instance(ScriptedFirmware firmware) {
    return new FirmwareInstance(firmware, new FlatFirmwareContext(1 << 20));
  }

  private static FirmwareFactory working() {
    return () -> instance(new ScriptedFirmware());
  }

  private DispatcherEvent.RearmFailed assertEveryAttemptFails(Dispatcher dispatcher) {
    dispatcher.pump();
    for (int attempt = 1; attempt <= LIMIT; attempt++) {
      clock.advance(PAUSE.minus(TICK));
      dispatcher.pump();
      assertEquals(attempt - 1, dispatcher.count(Counter.REARM_FAILURES), "not before the pause");
      clock.advance(TICK);
      dispatcher.pump();
      assertEquals(attempt, dispatcher.count(Counter.REARM_FAILURES));
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
    }
    clock.advance(PAUSE.multipliedBy(100));
    dispatcher.pump();
    assertEquals(LIMIT, dispatcher.count(Counter.REARM_FAILURES), "not more often than allowed");
    assertEquals(0, dispatcher.count(Counter.REARMS));
    assertEquals(LIMIT, events.all(DispatcherEvent.RearmFailed.class).size());
    DispatcherEvent.RearmFailed last = events.all(DispatcherEvent.RearmFailed.class).getLast();
    assertEquals(LIMIT, last.attempt());
    assertEquals(1, firmware.entries(), "what was disabled is never entered again");
    return last;
  }

  @Test
  void aFactoryThatThrows() {
    RuntimeException thrown = new IllegalStateException("injected");
    FirmwareFactory throwing =
        () -> {
          throw thrown;
        };
    try (Dispatcher dispatcher = faulted(throwing, FirmwareProbe.READ_ONLY)) {
      assertSame(thrown, assertEveryAttemptFails(dispatcher).cause());
    }
  }

  @Test
  void aFactoryThatGivesNothing() {
    try (Dispatcher dispatcher = faulted(() -> null, FirmwareProbe.READ_ONLY)) {
      Throwable cause = assertEveryAttemptFails(dispatcher).cause();
      assertEquals(
          "firmware factory must make an instance: instance=null",
          assertInstanceOf(IllegalStateException.class, cause).getMessage());
    }
  }

  @Test
  void anInstanceWithTooLittleMemory() {
    FirmwareFactory small =
        () -> new FirmwareInstance(new ScriptedFirmware(), new FlatFirmwareContext(4096));
    try (Dispatcher dispatcher = faulted(small, FirmwareProbe.READ_ONLY)) {
      assertInstanceOf(IllegalArgumentException.class, assertEveryAttemptFails(dispatcher).cause());
    }
  }

  @Test
  void aProbeThatSaysNo() {
    try (Dispatcher dispatcher = faulted(working(), services -> false)) {
      assertNull(assertEveryAttemptFails(dispatcher).cause());
    }
  }

  @Test
  void aProbeThatThrowsAnything() {
    for (Throwable thrown :
        new Throwable[] {
          new IllegalStateException("injected"), new StackOverflowError(), new CustomError()
        }) {
      RearmFailureTest each = new RearmFailureTest();
      FirmwareProbe probe =
          services -> {
            sneak(thrown);
            return true;
          };
      try (Dispatcher dispatcher = each.faulted(working(), probe)) {
        assertSame(thrown, each.assertEveryAttemptFails(dispatcher).cause());
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** The probe is content with everything, but its call has faulted. */
  @Test
  void anInstanceThatFaultsInItsProbe() {
    FirmwareFactory faulting =
        () ->
            instance(
                new ScriptedFirmware().on(RuntimeService.GET_TIME, FirmwareThrows.stackOverflow()));
    FirmwareProbe content =
        services -> {
          services.getTime(new EfiTimeHolder(), null);
          return true;
        };
    try (Dispatcher dispatcher = faulted(faulting, content)) {
      assertNull(assertEveryAttemptFails(dispatcher).cause());
    }
  }

  @Test
  void anAttemptThatSucceedsAfterOthersFailed() {
    AtomicInteger probes = new AtomicInteger();
    try (Dispatcher dispatcher = faulted(working(), services -> probes.incrementAndGet() == 2)) {
      dispatcher.pump();
      for (int attempt = 1; attempt <= 2; attempt++) {
        clock.advance(PAUSE);
        dispatcher.pump();
      }
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
      dispatcher.pump();
      assertEquals(new DispatcherEvent.Rearmed(2), events.await(DispatcherEvent.Rearmed.class));
      assertTrue(dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess());
      assertEquals(3, made.get());
    }
  }
}
