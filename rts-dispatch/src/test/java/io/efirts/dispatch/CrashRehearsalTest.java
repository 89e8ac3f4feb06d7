// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.ScriptedFirmware;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Walking the crash path before it is needed is seen by nobody. */
class CrashRehearsalTest {
  private static final List<String> EVENTS =
      List.of("Call", "Bypass", "Fault", "ModeChange", "Seize");

  /** Other tests' watches that have not ended yet: what they still tell is none of ours. */
  private final Set<Thread> others = Watches.running();

  @TempDir private Path directory;

  /** Everything of ours, and the threads that were started. */
  private List<String> recorded(Callable<?> work) throws Exception {
    Path file = directory.resolve("rehearsal.jfr");
    try (Recording recording = new Recording()) {
      EVENTS.forEach(event -> recording.enable("io.efirts." + event).withoutThreshold());
      recording.enable("jdk.ThreadStart");
      recording.start();
      work.call();
      recording.stop();
      recording.dump(file);
    }
    return names(file);
  }

  private List<String> names(Path file) throws IOException {
    List<String> names = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      String name = event.getEventType().getName();
      if (name.startsWith("io.efirts.") && !isOthers(event)) {
        names.add(name);
      } else if (name.equals("jdk.ThreadStart") && event.getThread("thread") != null) {
        String thread = event.getThread("thread").getJavaName();
        if (thread != null && thread.startsWith("efi-rts")) {
          names.add(thread);
        }
      }
    }
    return names;
  }

  private boolean isOthers(RecordedEvent event) {
    return event.getThread() != null
        && others.stream().anyMatch(o -> o.threadId() == event.getThread().getJavaThreadId());
  }

  @Test
  void itLeavesNoTrace() throws Exception {
    LogLines lines = (LogLines) LoggerFactory.getILoggerFactory();
    int before = lines.countWithout(others);
    assertEquals(
        List.of(),
        recorded(
            () -> {
              CrashRehearsal.make();
              return null;
            }));
    assertEquals(before, lines.countWithout(others));
  }

  /** What is looked for above would be found. */
  @Test
  void aRealEmergencyLeavesSome() throws Exception {
    LogLines lines = (LogLines) LoggerFactory.getILoggerFactory();
    int before = lines.countWithout(others);
    List<String> names =
        recorded(
            () -> {
              try (Dispatcher dispatcher =
                  Dispatcher.builder().firmware(new ScriptedFirmware()).start()) {
                dispatcher.beginEmergency(Duration.ZERO).end();
              }
              return null;
            });
    assertTrue(
        names.containsAll(
            List.of("efi-rts", "efi-rts-watch", "io.efirts.ModeChange", "io.efirts.Seize")),
        names::toString);
    assertTrue(lines.countWithout(others) > before);
  }

  /** The embedder's own parts have no part in it. */
  @Test
  void itTouchesNothingOfTheEmbedders() {
    List<String> touched = new ArrayList<>();
    List<DispatcherEvent> events = new ArrayList<>();
    ScriptedFirmware firmware = new ScriptedFirmware();
    InterruptControl stops =
        new InterruptControl() {
          @Override
          public long disable() {
            touched.add("disable");
            return 0;
          }

          @Override
          public void restore(long previous) {
            touched.add("restore");
          }
        };
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .invoker()
            .interrupts(stops)
            .clock(
                () -> {
                  touched.add("clock");
                  return 0;
                })
            .rebootHook(type -> touched.add("hook"))
            .resetFallback(type -> touched.add("fallback"))
            .stepHook(step -> touched.add(step.name()))
            .listener(events::add)
            .start()) {
      assertEquals(List.of(), touched);
      dispatcher.pump();
      assertEquals(List.of(), events);
      for (Counter counter : Counter.values()) {
        assertEquals(0, dispatcher.count(counter), counter::name);
      }
      assertEquals(0, firmware.entries());
    }
  }
}
