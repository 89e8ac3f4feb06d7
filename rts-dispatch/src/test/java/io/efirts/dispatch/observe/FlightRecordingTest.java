// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording shows of the calls, by a clock that stands still but where told. */
class FlightRecordingTest {
  private static final List<String> EVENTS =
      List.of(
          "io.efirts.Call",
          "io.efirts.Bypass",
          "io.efirts.Fault",
          "io.efirts.ModeChange",
          "io.efirts.Seize");

  @TempDir private Path directory;

  private final VirtualClock clock = new VirtualClock(1);
  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final Dispatcher dispatcher =
      Dispatcher.builder().firmware(firmware).calls(4).clock(clock).invoker().start();

  private List<RecordedEvent> record(boolean enabled, Runnable work) throws IOException {
    Path file = directory.resolve("calls.jfr");
    try (Recording recording = new Recording()) {
      for (String event : EVENTS) {
        if (enabled) {
          recording.enable(event).withoutThreshold();
        } else {
          recording.disable(event);
        }
      }
      recording.start();
      work.run();
      dispatcher.close();
      recording.stop();
      recording.dump(file);
    }
    // Of this test's own dispatcher: another test's watch may not have ended yet.
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getThread() != null)
        .filter(event -> event.getThread().getJavaThreadId() == Thread.currentThread().threadId())
        .toList();
  }

  private static List<RecordedEvent> named(String name, List<RecordedEvent> all) {
    return all.stream()
        .filter(event -> event.getEventType().getName().equals("io.efirts." + name))
        .toList();
  }

  private void takes(RuntimeService service, Duration time, EfiStatus status) {
    firmware.on(
        service,
        frame -> {
          clock.advance(time);
          return status.raw();
        });
  }

  private void start(RuntimeService service, Duration queued) {
    PendingCall call = dispatcher.asyncAbi().newPendingCall();
    assertTrue(dispatcher.asyncAbi().call(call, service, 0, 0, 0, 0, 0));
    clock.advance(queued);
    dispatcher.pump();
    call.poll();
  }

  @Test
  void queuedCallsHaveTheirTimes() throws IOException {
    takes(RuntimeService.GET_TIME, Duration.ofNanos(7_000), EfiStatus.SUCCESS);
    takes(RuntimeService.GET_VARIABLE, Duration.ofMillis(2), EfiStatus.NOT_FOUND);
    List<RecordedEvent> calls =
        named(
            "Call",
            record(
                true,
                () -> {
                  start(RuntimeService.GET_TIME, Duration.ofNanos(3_000));
                  start(RuntimeService.GET_VARIABLE, Duration.ZERO);
                  dispatcher.abi().callVendor(9, 0, 0, 0, 0, 0, 0, 0);
                }));
    assertEquals(3, calls.size());
    assertCall(calls.get(0), "GetTime", "EFI_SUCCESS", 3_000, 7_000);
    assertCall(calls.get(1), "GetVariable", "EFI_NOT_FOUND", 0, 2_000_000);
    assertCall(calls.get(2), "vendor", "EFI_SUCCESS", 0, 0);
    for (RecordedEvent call : calls) {
      assertEquals(Duration.ZERO, call.getDuration(), "an instant, not since the call before");
    }
    assertTrue(calls.get(0).getStartTime().isBefore(calls.get(2).getStartTime()));
  }

  private static void assertCall(
      RecordedEvent call, String service, String status, long queueNanos, long firmwareNanos) {
    assertEquals(service, call.getString("service"));
    assertEquals(status, call.getString("status"));
    assertEquals("COMPLETED", call.getString("outcome"));
    assertEquals(Duration.ofNanos(queueNanos), call.getDuration("queueTime"));
    assertEquals(Duration.ofNanos(firmwareNanos), call.getDuration("firmwareTime"));
  }

  @Test
  void directCallsAreWrittenByTheNextRound() throws IOException {
    takes(RuntimeService.SET_VARIABLE, Duration.ofNanos(5_000), EfiStatus.WRITE_PROTECTED);
    List<RecordedEvent> calls =
        named(
            "Bypass",
            record(
                true,
                () -> {
                  for (int i = 0; i < 3; i++) {
                    dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
                  }
                  clock.advance(Duration.ofNanos(11_000));
                  dispatcher.pump();
                }));
    assertEquals(3, calls.size());
    for (int i = 0; i < 3; i++) {
      RecordedEvent call = calls.get(i);
      assertEquals("SetVariable", call.getString("service"));
      assertEquals("EFI_WRITE_PROTECTED", call.getString("status"));
      assertEquals(Duration.ofNanos(5_000), call.getDuration("firmwareTime"));
      assertEquals(Duration.ofNanos(11_000 + (2 - i) * 5_000), call.getDuration("ago"));
    }
  }

  @Test
  void faultModeAndSeizureAreWritten() throws IOException {
    firmware.crashEntry(frame -> 0);
    firmware.on(
        RuntimeService.GET_TIME,
        frame -> {
          throw new IllegalStateException("injected");
        });
    List<RecordedEvent> all =
        record(
            true,
            () -> {
              start(RuntimeService.GET_TIME, Duration.ZERO);
              dispatcher.pump();
              dispatcher.beginEmergency(Duration.ZERO);
              dispatcher.pump();
            });
    assertEquals("FAULTED", named("Call", all).get(0).getString("outcome"));
    String report = named("Fault", all).get(0).getString("report");
    assertTrue(report.startsWith("fault in GetTime on "), report);
    List<RecordedEvent> modes = named("ModeChange", all);
    assertEquals("OPEN", modes.get(0).getString("from"));
    assertEquals("DISABLED", modes.get(0).getString("to"));
    assertEquals("EMERGENCY", modes.get(1).getString("to"));
    assertEquals("EMERGENCY", named("Seize", all).get(0).getString("path"));
  }

  @Test
  void nothingIsWrittenUnlessAskedFor() throws IOException {
    List<RecordedEvent> all =
        record(
            false,
            () -> {
              start(RuntimeService.GET_TIME, Duration.ZERO);
              dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
              dispatcher.pump();
            });
    assertFalse(
        all.stream().anyMatch(event -> event.getEventType().getName().startsWith("io.efirts")));
  }
}
