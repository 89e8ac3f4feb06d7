// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.junit.jupiter.api.Test;

/** Latencies of queued calls, in the recorder that embedders use. */
class LatencyRecorderTest {
  private static final int CALLS = 1000;
  private static final int DIGITS = 3;

  private final VirtualClock clock = new VirtualClock();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware()
          .on(
              RuntimeService.SET_TIME,
              frame -> {
                clock.advance(Duration.ofNanos(20_000));
                return 0;
              });

  private static void startAndMake(Dispatcher dispatcher, Runnable between) {
    PendingCall call = dispatcher.asyncAbi().newPendingCall();
    dispatcher.asyncAbi().call(call, RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
    between.run();
    dispatcher.pump();
    call.poll();
  }

  @Test
  void aHistogramHasEveryCallOnce() {
    SingleWriterRecorder recorder = new SingleWriterRecorder(DIGITS);
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(4)
            .clock(clock)
            .invoker()
            .latencies((service, queue, inside) -> recorder.recordValue(queue + inside))
            .start()) {
      for (int i = 0; i < CALLS; i++) {
        int waited = i;
        startAndMake(dispatcher, () -> clock.advance(Duration.ofNanos(waited * 100L)));
      }
      dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
    }
    Histogram histogram = recorder.getIntervalHistogram();
    assertEquals(CALLS, histogram.getTotalCount(), "direct calls are not among them");
    double mean = 20_000 + (CALLS - 1) * 100 / 2.0;
    assertEquals(mean, histogram.getMean(), mean * 0.001);
    assertEquals(20_000, histogram.getMinValue(), 20);
    assertEquals(20_000 + (CALLS - 1) * 100, histogram.getMaxValue(), 120);
  }

  @Test
  void queueAndFirmwareAreToldApart() {
    List<String> times = new ArrayList<>();
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(4)
            .clock(clock)
            .invoker()
            .latencies((service, queue, inside) -> times.add(service + " " + queue + " " + inside))
            .start()) {
      startAndMake(dispatcher, () -> clock.advance(Duration.ofNanos(300)));
      dispatcher.abi().callVendor(9, 0, 0, 0, 0, 0, 0, 0);
    }
    assertEquals(List.of("SET_TIME 300 20000", "null 0 0"), times);
  }
}
