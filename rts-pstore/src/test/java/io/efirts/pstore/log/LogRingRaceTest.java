// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.NanoClock;
import io.efirts.testkit.CallerThread;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads write, platform and virtual ones, and dumps are read meanwhile. */
@Timeout(60)
class LogRingRaceTest {
  private static final int WRITERS = 4;
  private static final int LINES = 3000;

  private final LogRing ring = new LogRing(64, 32, NanoClock.SYSTEM);

  @Test
  void everyDumpHasWholeLinesInTheirWritersOrder() throws InterruptedException {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      Thread.Builder threads = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      writers.add(threads.start(() -> writeLines(writer)));
    }
    CallerThread<Integer> reader =
        CallerThread.start(
            () -> {
              int dumps = 0;
              do {
                assertOrderly(KmsgDump.lines(ring));
                dumps++;
              } while (writers.stream().anyMatch(Thread::isAlive));
              return dumps;
            });
    for (Thread writer : writers) {
      writer.join();
    }
    assertTrue(reader.result() > 0);
    List<String> last = KmsgDump.lines(ring);
    assertOrderly(last);
    assertTrue(!last.isEmpty());
  }

  @Test
  void aRingThatIsLargeEnoughHasEveryLine() throws InterruptedException {
    LogRing large = new LogRing(1 << 14, 32, NanoClock.SYSTEM);
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String name = "writer " + i + " line ";
      writers.add(
          Thread.ofPlatform()
              .start(() -> IntStream.range(0, 1000).forEach(line -> large.append(name + line))));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(WRITERS * 1000, KmsgDump.lines(large).stream().distinct().count());
    assertEquals(0, large.lostLines());
    assertEquals(0, large.tornGaps());
  }

  private void writeLines(int writer) {
    for (int line = 0; line < LINES; line++) {
      ring.append(line(writer, line));
    }
  }

  /** A line of one to four slots that says itself how it goes on. */
  private static String line(int writer, int number) {
    return writer + ":" + number + ":" + String.valueOf((char) ('a' + writer)).repeat(number % 100);
  }

  private static void assertOrderly(List<String> lines) {
    Map<Integer, Integer> lastOf = new HashMap<>();
    for (String line : lines) {
      String[] parts = line.split(":", 3);
      int writer = Integer.parseInt(parts[0]);
      int number = Integer.parseInt(parts[1]);
      assertEquals(line(writer, number), line);
      Integer last = lastOf.put(writer, number);
      assertTrue(last == null || last < number, () -> "line=" + line + ", before it=" + last);
    }
  }
}
