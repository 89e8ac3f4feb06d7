// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a dump may rely on, whoever keeps the log. */
abstract class KmsgSourceContract {
  private static final List<String> LINES =
      List.of("booting", "", "a line of some length, but not of too much", "x", "the end");

  private static final String LOG = String.join("\n", LINES) + "\n";

  /** A source with these lines and nothing else, each of at most 200 bytes. */
  abstract KmsgSource sourceOf(List<String> lines);

  private static IntStream limits() {
    return IntStream.rangeClosed(1, LOG.length() + 1);
  }

  @Test
  void anEmptyLogHasNoSlice() {
    assertEquals(List.of(), KmsgDump.slices(sourceOf(List.of()), 100));
  }

  @Test
  void aSliceThatIsLargeEnoughHasTheWholeLog() {
    assertEquals(List.of(LOG), KmsgDump.slices(sourceOf(LINES), LOG.length()));
  }

  @Test
  void slicesTogetherAreTheLogWhateverTheLimit() {
    KmsgSource source = sourceOf(LINES);
    limits().forEach(limit -> assertEquals(LOG, KmsgDump.text(source, limit), "limit=" + limit));
  }

  @Test
  void aSliceHasWholeLinesUnlessOneIsLongerThanTheLimit() {
    KmsgSource source = sourceOf(LINES);
    int longest = LINES.stream().mapToInt(String::length).max().orElseThrow() + 1;
    for (int limit = longest; limit <= LOG.length(); limit++) {
      for (String slice : KmsgDump.slices(source, limit)) {
        assertTrue(slice.endsWith("\n"), "slice=" + slice + ", limit=" + limit);
      }
    }
  }

  @Test
  void aSliceHasAsManyLinesAsFit() {
    KmsgSource source = sourceOf(List.of("one", "two", "three", "four"));
    assertEquals(List.of("three\nfour\n", "one\ntwo\n"), KmsgDump.slices(source, 14));
    assertEquals(List.of("two\nthree\nfour\n", "one\n"), KmsgDump.slices(source, 15));
  }

  @Test
  void newestSlicesComeFirst() {
    assertEquals(List.of("b\n", "a\n"), KmsgDump.slices(sourceOf(List.of("a", "b")), 2));
  }

  @Test
  void aLongLineComesInPiecesLastPieceFirst() {
    KmsgSource source = sourceOf(List.of("ab", "0123456789", "z"));
    assertEquals(List.of("z\n", "789\n", "3456", "012", "ab\n"), KmsgDump.slices(source, 4));
  }

  @Test
  void theFirstPieceOfALongLineComesWithTheLinesBeforeIt() {
    KmsgSource source = sourceOf(List.of("ab", "0123456789"));
    assertEquals(List.of("3456789\n", "ab\n012"), KmsgDump.slices(source, 8));
  }

  @Test
  void lengthsAroundTheSizesOfBuffersAreKept() {
    for (int length : new int[] {30, 31, 32, 33, 62, 63, 64, 65, 127, 128, 129, 199}) {
      List<String> lines = List.of("first", "x".repeat(length), "last");
      String log = String.join("\n", lines) + "\n";
      for (int limit : new int[] {7, 31, 32, 33, 64, 128, 1000}) {
        assertEquals(
            log, KmsgDump.text(sourceOf(lines), limit), "length=" + length + ", limit=" + limit);
      }
    }
  }

  @Test
  void bytesStayWithinOffsetAndLimit() {
    byte[] buffer = new byte[40];
    Arrays.fill(buffer, (byte) '#');
    KmsgSource source = sourceOf(LINES);
    KmsgSlice slice = new KmsgSlice(buffer, 5);
    source.sliceBefore(source.end(), 12, slice);
    String all = new String(buffer, StandardCharsets.US_ASCII);
    assertEquals("#####" + "x\nthe end\n", all.substring(0, 5 + slice.length()));
    assertEquals("#".repeat(23), all.substring(5 + 12));
  }

  @Test
  void aPositionCanBeAskedForAgain() {
    KmsgSource source = sourceOf(LINES);
    KmsgSlice once = new KmsgSlice(new byte[12], 0);
    KmsgSlice again = new KmsgSlice(new byte[12], 0);
    long end = source.end();
    source.sliceBefore(end, 12, once);
    source.sliceBefore(end, 12, again);
    assertEquals(once.length(), again.length());
    assertEquals(once.start(), again.start());
  }

  @Test
  void afterTheEndThereIsNothingMore() {
    KmsgSource source = sourceOf(LINES);
    KmsgSlice slice = new KmsgSlice(new byte[LOG.length()], 0);
    source.sliceBefore(source.end(), LOG.length(), slice);
    for (int i = 0; i < 3; i++) {
      source.sliceBefore(slice.start(), LOG.length(), slice);
      assertEquals(0, slice.length());
    }
  }
}
