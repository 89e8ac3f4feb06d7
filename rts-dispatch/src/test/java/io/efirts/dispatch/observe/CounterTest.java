// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.Counter;
import io.efirts.testkit.ScriptedFirmware;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is counted, and that nothing else is. */
class CounterTest {
  private final ScriptedFirmware firmware = new ScriptedFirmware();

  private static CallResult write(Dispatcher dispatcher) {
    return dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
  }

  private static Map<Counter, Long> counts(Dispatcher dispatcher) {
    Map<Counter, Long> counts = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      if (dispatcher.count(counter) != 0) {
        counts.put(counter, dispatcher.count(counter));
      }
    }
    return counts;
  }

  @Test
  void callsAreCountedByTheirPath() {
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).calls(4).invoker().start()) {
      assertEquals(Map.of(), counts(dispatcher));
      for (int i = 0; i < 3; i++) {
        dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0);
      }
      write(dispatcher);
      dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
      assertEquals(Map.of(Counter.QUEUED_CALLS, 3L, Counter.DIRECT_CALLS, 2L), counts(dispatcher));
    }
  }

  @Test
  void refusalsAreCountedAndAreNoCalls() {
    Dispatcher[] self = new Dispatcher[1];
    firmware.on(
        RuntimeService.GET_TIME,
        frame -> {
          write(self[0]);
          self[0].abi().call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
          return 0;
        });
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).calls(4).invoker().start()) {
      self[0] = dispatcher;
      dispatcher.abi().call(RuntimeService.GET_TIME, 0, 0, 0, 0, 0);
      assertEquals(
          Map.of(Counter.QUEUED_CALLS, 1L, Counter.BYPASS_BUSY, 1L, Counter.BLOCKING_REFUSED, 1L),
          counts(dispatcher));
    }
  }
}
