// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.event.DispatcherEvent.Faulted;
import io.efirts.dispatch.event.DispatcherEvent.ModeChanged;
import io.efirts.dispatch.event.DispatcherEvent.Seized;
import io.efirts.dispatch.event.DispatcherEvent.Wedged;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.fault.FirmwareThrows;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an embedder's listener is told, with a watch thread and without. */
@Timeout(60)
class ListenerTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final VirtualClock clock = new VirtualClock();
  private final BlockingQueue<DispatcherEvent> events = new LinkedBlockingQueue<>();
  private final FirmwareHold hold = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(RuntimeService.GET_TIME, FirmwareThrows.error(new AssertionError("injected")))
          .on(RuntimeService.SET_VARIABLE, hold);

  private DispatcherBuilder builder(boolean invoker) {
    DispatcherBuilder builder =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(4)
            .clock(clock)
            .closeWait(Duration.ZERO)
            .wedgeLimit(RuntimeService.SET_VARIABLE, LIMIT)
            .listener(events::add);
    return invoker ? builder.invoker() : builder;
  }

  private DispatcherEvent next(Dispatcher dispatcher, boolean invoker) throws InterruptedException {
    if (invoker) {
      dispatcher.pump();
    }
    DispatcherEvent event = events.poll(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    assertNotNull(event, "an event must be told");
    return event;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofAFaultThenOfTheModeThenOfAClose(boolean invoker) throws InterruptedException {
    Dispatcher dispatcher = builder(invoker).start();
    dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0);
    Faulted faulted = (Faulted) next(dispatcher, invoker);
    assertEquals(dispatcher.fault().orElseThrow(), faulted.report());
    assertEquals(
        new ModeChanged(DispatcherMode.OPEN, DispatcherMode.DISABLED), next(dispatcher, invoker));
    dispatcher.close();
    assertEquals(
        new ModeChanged(DispatcherMode.DISABLED, DispatcherMode.CLOSED), next(dispatcher, false));
    assertEquals(0, events.size());
  }

  @Test
  void ofAWedgeAndWhoIsStuck() throws InterruptedException {
    try (Dispatcher dispatcher = builder(true).start();
        hold) {
      CallerThread<CallResult> stuck =
          CallerThread.start(
              () -> dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null));
      hold.awaitEntered();
      dispatcher.pump();
      clock.advance(LIMIT);
      assertEquals(new Wedged(RuntimeService.SET_VARIABLE, "BYPASS"), next(dispatcher, true));
      assertEquals(
          new ModeChanged(DispatcherMode.OPEN, DispatcherMode.DISABLED), next(dispatcher, true));
      assertEquals(1, dispatcher.count(Counter.WEDGES));
      hold.release();
      stuck.result();
    }
  }

  @Test
  void ofAnEmergency() throws InterruptedException {
    try (Dispatcher dispatcher = builder(true).start()) {
      dispatcher.beginEmergency(Duration.ZERO);
      assertEquals(new Seized("EMERGENCY"), next(dispatcher, true));
      assertEquals(
          new ModeChanged(DispatcherMode.OPEN, DispatcherMode.EMERGENCY), next(dispatcher, true));
      assertEquals(1, dispatcher.count(Counter.SEIZES));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatThrowsIsCountedAndHarmsNobody(boolean invoker) throws InterruptedException {
    DispatcherBuilder builder = invoker ? Dispatcher.builder().invoker() : Dispatcher.builder();
    try (Dispatcher dispatcher =
        builder
            .firmware(firmware)
            .calls(4)
            .listener(
                event -> {
                  throw new NoClassDefFoundError("listener");
                })
            .listener(events::add)
            .start()) {
      dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0);
      assertTrue(next(dispatcher, invoker) instanceof Faulted);
      assertTrue(next(dispatcher, invoker) instanceof ModeChanged);
      assertEquals(2, dispatcher.count(Counter.HANDLER_FAILURES));
    }
    assertTrue(next(null, false) instanceof ModeChanged, "the watch goes on");
  }
}
