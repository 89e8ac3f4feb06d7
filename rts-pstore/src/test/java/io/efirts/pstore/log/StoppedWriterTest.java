// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.NanoClock;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.StopPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A writer that is stopped anywhere holds up nobody, and does no harm when it goes on. */
@Timeout(60)
class StoppedWriterTest {
  private static final int SLOTS = 16;
  private static final int SLOT_BYTES = 32;

  /**
   * Two slots and one, with a newline in it, so that a stop also comes between two of its lines.
   */
  private static final String STOPPED = "stopped: " + "s".repeat(40) + "\nits second line";

  private static final List<String> STOPPED_LINES = STOPPED.lines().toList();
  private static final int FIRST_LINE_LOOKS = STOPPED_LINES.getFirst().length();
  private static final int LOOKS = STOPPED.length() * StoppingText.LOOKS_PER_CHARACTER - 2;

  private final LogRing ring = new LogRing(SLOTS, SLOT_BYTES, NanoClock.SYSTEM);

  @Test
  void atEveryStopOthersWriteOnAndADumpHasTheirLines() throws InterruptedException {
    for (int look = 0; look < LOOKS; look++) {
      LogRing one = new LogRing(SLOTS, SLOT_BYTES, NanoClock.SYSTEM);
      one.append("before");
      try (StopPoint stop = new StopPoint()) {
        CallerThread<?> writer = startWriter(one, look, stop);
        one.append("after");
        assertEquals(
            List.of("before", "after"),
            KmsgDump.lines(one).stream().filter(line -> !STOPPED_LINES.contains(line)).toList(),
            "look=" + look);
        stop.release();
        writer.result();
      }
      List<String> all = KmsgDump.lines(one);
      assertEquals(4, all.size(), () -> "lines=" + all);
      assertEquals(STOPPED_LINES, all.stream().filter(STOPPED_LINES::contains).toList());
      assertEquals(0, one.lostLines());
    }
  }

  @Test
  void aLineIsThereAsAWholeOrNotAtAllAtEveryStop() throws InterruptedException {
    for (int look = 0; look < LOOKS; look++) {
      LogRing one = new LogRing(SLOTS, SLOT_BYTES, NanoClock.SYSTEM);
      try (StopPoint stop = new StopPoint()) {
        CallerThread<?> writer = startWriter(one, look, stop);
        List<String> seen = KmsgDump.lines(one);
        assertEquals(STOPPED_LINES.subList(0, seen.size()), seen, "look=" + look);
        stop.release();
        writer.result();
      }
    }
  }

  @Test
  void atEveryStopTheRingGoesRoundAndALateEndDoesNoHarm() throws InterruptedException {
    for (int look = 0; look < LOOKS; look++) {
      LogRing one = new LogRing(SLOTS, SLOT_BYTES, NanoClock.SYSTEM);
      try (StopPoint stop = new StopPoint()) {
        CallerThread<?> writer = startWriter(one, look, stop);
        List<String> newer = appendNumbered(one, 3 * SLOTS);
        assertEquals(0, one.lostLines(), "look=" + look);
        List<String> seen = KmsgDump.lines(one);
        assertEquals(newer.subList(newer.size() - seen.size(), newer.size()), seen);
        // All but what the stopped one has, and what is tried in vain around it.
        int held = SLOTS - seen.size();
        assertTrue(held <= 2, () -> "lines=" + seen);
        stop.release();
        writer.result();
        assertNothingButWholeLines(one, newer, "look=" + look);
      }
    }
  }

  @Test
  void linesOfSeveralSlotsGoAroundAStoppedWriterToo() throws InterruptedException {
    try (StopPoint stop = new StopPoint()) {
      startWriter(ring, 2 * FIRST_LINE_LOOKS + 5, stop);
      List<String> longLines =
          IntStream.range(0, 50).mapToObj(i -> i + "y".repeat(3 * SLOT_BYTES)).toList();
      longLines.forEach(ring::append);
      assertEquals(0, ring.lostLines());
      List<String> seen = KmsgDump.lines(ring);
      assertEquals(longLines.subList(50 - seen.size(), 50), seen);
      assertTrue(seen.size() >= 2, () -> "lines=" + seen);
    }
  }

  @Test
  void aGapIsCountedOnceInADump() throws InterruptedException {
    ring.append("before");
    try (StopPoint stop = new StopPoint()) {
      startWriter(ring, 2 * FIRST_LINE_LOOKS + 5, stop);
      ring.append("after");
      assertEquals(List.of("after\n", "before\n"), KmsgDump.slices(ring, 8));
      assertEquals(1, ring.tornGaps());
      assertEquals("before\nafter\n", KmsgDump.text(ring, 1));
      assertEquals(2, ring.tornGaps());
    }
  }

  @Test
  void aRingOfOneSlotLosesLinesWhileItsWriterIsStopped() throws InterruptedException {
    LogRing one = new LogRing(1, SLOT_BYTES, NanoClock.SYSTEM);
    try (StopPoint stop = new StopPoint()) {
      CallerThread<?> writer =
          CallerThread.start(
              () -> {
                one.append(new StoppingText("stopped", 2 * 7 + 3, stop));
                return null;
              });
      stop.awaitStopped();
      appendNumbered(one, 5);
      assertEquals(5, one.lostLines());
      assertEquals(List.of(), KmsgDump.lines(one));
      stop.release();
      writer.result();
    }
    assertEquals(List.of("stopped"), KmsgDump.lines(one));
    one.append("next");
    assertEquals(List.of("next"), KmsgDump.lines(one));
    assertEquals(5, one.lostLines());
  }

  @Test
  void aLineWithoutRoomBetweenStoppedWritersIsLostAndPushesNothingOut()
      throws InterruptedException {
    List<StopPoint> stops = new ArrayList<>();
    List<String> between = new ArrayList<>();
    for (int i = 0; i < SLOTS / 4; i++) {
      StopPoint stop = new StopPoint();
      stops.add(stop);
      CallerThread.start(
          () -> {
            ring.append(new StoppingText("x", 2, stop));
            return null;
          });
      stop.awaitStopped();
      for (int j = 0; j < 3; j++) {
        between.add("line " + i + j);
        ring.append(between.getLast());
      }
    }
    ring.append("y".repeat(3 * SLOT_BYTES));
    assertEquals(1, ring.lostLines());
    assertEquals(between, KmsgDump.lines(ring));
    stops.forEach(StopPoint::release);
  }

  @Test
  void whenEverySlotIsHeldLinesAreLostUntilTheWritersGoOn() throws InterruptedException {
    List<String> texts =
        IntStream.range(0, SLOTS).mapToObj(i -> "writer " + (char) ('a' + i)).toList();
    List<CallerThread<?>> writers = new ArrayList<>();
    try (StopPoint last = new StopPoint()) {
      for (String text : texts) {
        CountDownLatch claimed = new CountDownLatch(1);
        writers.add(
            CallerThread.start(
                () -> {
                  ring.append(
                      new ChangingText(text, text) {
                        @Override
                        void changed() {
                          claimed.countDown();
                          last.pass();
                        }
                      });
                  return null;
                }));
        claimed.await();
      }
      ring.append("lost");
      assertEquals(1, ring.lostLines());
      assertEquals(List.of(), KmsgDump.lines(ring));
    }
    for (CallerThread<?> writer : writers) {
      writer.result();
    }
    assertEquals(texts, KmsgDump.lines(ring));
    ring.append("next");
    assertEquals("next", KmsgDump.lines(ring).getLast());
    assertEquals(1, ring.lostLines());
  }

  private static CallerThread<?> startWriter(LogRing ring, int look, StopPoint stop)
      throws InterruptedException {
    CallerThread<?> writer =
        CallerThread.start(
            () -> {
              ring.append(new StoppingText(STOPPED, look, stop));
              return null;
            });
    stop.awaitStopped();
    return writer;
  }

  private static List<String> appendNumbered(LogRing ring, int count) {
    List<String> lines = IntStream.range(0, count).mapToObj(i -> "line " + i).toList();
    lines.forEach(ring::append);
    return lines;
  }

  private static void assertNothingButWholeLines(LogRing ring, List<String> lines, String when) {
    List<String> known = new ArrayList<>(lines);
    known.addAll(STOPPED_LINES);
    for (String line : KmsgDump.lines(ring)) {
      assertTrue(known.contains(line), () -> when + ", line=" + line);
    }
  }
}
