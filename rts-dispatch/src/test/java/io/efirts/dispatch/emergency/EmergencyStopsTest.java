// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The embedder does not stop a panicking thread between the beginning and the end. */
class EmergencyStopsTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  /** Of one thread: how deep stops are deferred is what the next one is given back. */
  private static final class Depth implements InterruptControl {
    private long depth;

    @Override
    public long disable() {
      return depth++;
    }

    @Override
    public void restore(long previous) {
      assertEquals(depth - 1, previous, "in the order of nesting");
      depth = previous;
    }
  }

  private final Depth stops = new Depth();
  private final List<Long> inside = new ArrayList<>();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware(
          frame -> {
            inside.add(stops.depth);
            return 0;
          });

  private DispatcherBuilder builder() {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(2)
        .storageReserve(0)
        .interrupts(stops)
        .invoker();
  }

  @Test
  void stopsAreDeferredFromTheBeginningToTheEnd() {
    try (Dispatcher dispatcher =
        builder()
            .resetFallback(
                type -> {
                  inside.add(stops.depth);
                  return false;
                })
            .start()) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      assertEquals(1, stops.depth);
      emergency.setVariable("n", GUID, 7, 0, null);
      assertEquals(1, stops.depth, "between the calls too");
      emergency.resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
      assertEquals(List.of(1L, 1L, 1L), inside);
      emergency.end();
      assertEquals(0, stops.depth);
    }
  }

  @Test
  void theyAreGivenBackAtOnceWhereTheFirmwareIsNotToBeHad() {
    try (Dispatcher dispatcher = builder().start()) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      assertNull(dispatcher.beginEmergency(Duration.ZERO));
      assertEquals(1, stops.depth, "the first one's");
      emergency.end();
      assertNull(dispatcher.beginEmergency(Duration.ZERO));
      assertEquals(0, stops.depth);
    }
    Dispatcher closed = builder().start();
    closed.close();
    assertNull(closed.beginEmergency(Duration.ZERO));
    assertEquals(0, stops.depth);
  }

  @Test
  void misuseIsFoundBeforeTheyAreDeferred() {
    try (Dispatcher dispatcher = builder().start()) {
      assertThrows(
          IllegalArgumentException.class, () -> dispatcher.beginEmergency(Duration.ofNanos(-1)));
      assertEquals(0, stops.depth);
    }
  }

  @Test
  void whatWasDeferredBeforeStaysSo() {
    try (Dispatcher dispatcher = builder().start()) {
      long before = stops.disable();
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      emergency.end();
      assertEquals(1, stops.depth);
      stops.restore(before);
    }
  }

  @Test
  void aFaultChangesNothing() {
    firmware.on(RuntimeService.SET_VARIABLE, FirmwareThrows.outOfMemory());
    try (Dispatcher dispatcher = builder().start()) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      emergency.setVariable("n", GUID, 7, 0, null);
      assertEquals(1, stops.depth);
      emergency.end();
      assertEquals(0, stops.depth);
    }
  }

  /** On top of a call of its own that has deferred them already. */
  @Test
  void aPanicFromInsideTheFirmwareGivesBackWhatItFound() {
    Dispatcher[] self = new Dispatcher[1];
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          inside.add(stops.depth);
          Emergency emergency = self[0].beginEmergency(Duration.ZERO);
          inside.add(stops.depth);
          emergency.end();
          inside.add(stops.depth);
          return 0;
        });
    try (Dispatcher dispatcher = builder().start()) {
      self[0] = dispatcher;
      dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
      assertEquals(List.of(1L, 2L, 1L), inside);
      assertEquals(0, stops.depth);
    }
  }
}
