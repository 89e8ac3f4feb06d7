// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spi.NanoClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A ring of any size is a list of which as many of the newest lines are kept as slots reach. */
class LogRingModelTest {
  private static final int SLOT_BYTES = 32;

  @Property(tries = 500)
  void theNewestLinesAreKept(
      @ForAll @IntRange(max = 6) int slotsShift,
      @ForAll("lines") List<String> lines,
      @ForAll @IntRange(min = 1, max = 300) int limitBytes) {
    int slots = 1 << slotsShift;
    LogRing ring = new LogRing(slots, SLOT_BYTES, NanoClock.SYSTEM);
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      append(ring, i, lines.get(i));
      kept.add(cutTo(ring.maxLineBytes(), lines.get(i)));
    }
    StringBuilder expected = new StringBuilder();
    newestWithin(slots, kept).forEach(line -> expected.append(line).append('\n'));
    assertEquals(expected.toString(), KmsgDump.text(ring, limitBytes));
    assertEquals(0, ring.lostLines());
    assertEquals(0, ring.tornGaps());
  }

  @Property(tries = 200)
  void linesThatCameMeanwhileDoNotChangeWhatIsRead(
      @ForAll("lines") List<String> before, @ForAll("lines") List<String> meanwhile) {
    LogRing ring = new LogRing(1024, SLOT_BYTES, NanoClock.SYSTEM);
    before.forEach(ring::append);
    KmsgSlice slice = new KmsgSlice(new byte[100], 0);
    StringBuilder read = new StringBuilder();
    List<String> left = new ArrayList<>(meanwhile);
    ring.sliceBefore(ring.end(), 100, slice);
    while (slice.length() > 0) {
      read.insert(0, new String(slice.buffer(), 0, slice.length(), StandardCharsets.ISO_8859_1));
      if (!left.isEmpty()) {
        ring.append(left.removeFirst());
      }
      ring.sliceBefore(slice.start(), 100, slice);
    }
    StringBuilder expected = new StringBuilder();
    before.forEach(line -> expected.append(line).append('\n'));
    assertEquals(expected.toString(), read.toString());
  }

  private static void append(LogRing ring, int way, String line) {
    if (way % 2 == 0) {
      ring.append(line);
    } else {
      byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
      ring.append(bytes, 0, bytes.length);
    }
  }

  private static String cutTo(int maxLineBytes, String line) {
    return line.substring(0, Math.min(line.length(), maxLineBytes - 1));
  }

  private static List<String> newestWithin(int slots, List<String> lines) {
    int from = lines.size();
    int used = 0;
    while (from > 0) {
      used += (lines.get(from - 1).length() + 1 + SLOT_BYTES - 1) / SLOT_BYTES;
      if (used > slots) {
        break;
      }
      from--;
    }
    return lines.subList(from, lines.size());
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .ofMaxLength(10 * SLOT_BYTES)
        .list()
        .ofMaxSize(40);
  }
}
