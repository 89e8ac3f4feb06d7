// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What runs before ResetSystem. */
class ResetHooksTest {
  private final List<String> order = new ArrayList<>();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(
              RuntimeService.RESET_SYSTEM,
              frame -> {
                order.add("firmware " + frame.word(0));
                return 0;
              });

  private DispatcherBuilder builder() {
    return Dispatcher.builder().firmware(firmware).calls(4).invoker();
  }

  @Test
  void runInTheirOrderBeforeFirmwareAndAreToldTheType() {
    try (Dispatcher dispatcher =
        builder()
            .rebootHook(type -> order.add("first " + type))
            .rebootHook(type -> order.add("second " + type))
            .start()) {
      CallResult result =
          dispatcher.runtimeServices().resetSystem(ResetType.WARM, EfiStatus.SUCCESS, null);
      assertTrue(result.isSuccess());
    }
    assertEquals(List.of("first WARM", "second WARM", "firmware 1"), order);
  }

  @Test
  void oneThatThrowsIsReportedAndDoesNotStopTheReset() {
    List<Throwable> reported = new ArrayList<>();
    AssertionError error = new AssertionError("hook");
    try (Dispatcher dispatcher =
        builder()
            .listener(
                event -> {
                  if (event instanceof DispatcherEvent.HandlerFailed failed) {
                    reported.add(failed.thrown());
                  }
                })
            .rebootHook(
                type -> {
                  throw error;
                })
            .rebootHook(type -> order.add("second " + type))
            .start()) {
      dispatcher.runtimeServices().resetSystem(ResetType.SHUTDOWN, EfiStatus.SUCCESS, null);
      dispatcher.pump();
      assertEquals(1, dispatcher.count(Counter.HANDLER_FAILURES));
    }
    assertEquals(List.of("second SHUTDOWN", "firmware 2"), order);
    assertEquals(List.of(error), reported);
  }

  /** A crash logger's deferred records are written from a hook. */
  @Test
  void mayMakeCalls() {
    Dispatcher[] self = new Dispatcher[1];
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          order.add("write");
          return 0;
        });
    try (Dispatcher dispatcher =
        builder()
            .rebootHook(
                type ->
                    self[0].runtimeServices().setVariable("dump", new EfiGuid(1, 2), 7, 0, null))
            .start()) {
      self[0] = dispatcher;
      dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    }
    assertEquals(List.of("write", "firmware 0"), order);
  }

  @Test
  void doNotRunWhereNothingIsResetAnyMore() {
    Dispatcher closed = builder().rebootHook(type -> order.add("hook")).start();
    closed.close();
    assertEquals(
        CallResult.refused(Outcome.CLOSED, false, false),
        closed.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
    try (Dispatcher panicking = builder().rebootHook(type -> order.add("hook")).start()) {
      panicking.beginEmergency(Duration.ZERO);
      assertEquals(
          CallResult.refused(Outcome.EMERGENCY, false, false),
          panicking.abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0));
    }
    assertEquals(List.of(), order);
  }

  /** I-4: a reset from inside is refused before anything is done for it. */
  @Test
  void doNotRunForAResetFromInside() {
    Dispatcher[] self = new Dispatcher[1];
    List<Outcome> nested = new ArrayList<>();
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          CallResult typed =
              self[0].runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
          CallResult words = self[0].abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0);
          nested.addAll(List.of(typed.outcome(), words.outcome()));
          return 0;
        });
    try (Dispatcher dispatcher =
        builder()
            .rebootHook(type -> order.add("hook"))
            .resetFallback(type -> order.add("fallback"))
            .start()) {
      self[0] = dispatcher;
      dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
      dispatcher.runtimeServices().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
    }
    assertEquals(
        List.of(Outcome.WOULD_BLOCK, Outcome.WOULD_BLOCK, Outcome.WOULD_BLOCK, Outcome.WOULD_BLOCK),
        nested);
    assertEquals(List.of(), order);
  }
}
