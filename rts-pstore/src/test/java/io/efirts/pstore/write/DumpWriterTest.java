// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.format.RecordName;
import io.efirts.pstore.log.KmsgSlice;
import io.efirts.pstore.log.KmsgSource;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.RecordCounter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a log is cut into records. */
@Timeout(60)
class DumpWriterTest {
  private static final int RECORD_BYTES = 1024;
  private static final int MUCH = 1 << 20;
  private static final LongSupplier CLOCK = () -> 1_700_000_000_123L;

  private final RecordCounts counts = new RecordCounts();
  private final WrittenParts parts = new WrittenParts();

  private int write(DumpSettings settings, int dump, KmsgSource source) {
    try (DumpWriter writer = new DumpWriter(settings, CLOCK, counts)) {
      return writer.write(DumpReason.OOPS, dump, source, parts);
    }
  }

  private static DumpSettings plain(int kmsgBytes) {
    return new DumpSettings(RECORD_BYTES, kmsgBytes, false);
  }

  private static DumpSettings compressed(int kmsgBytes) {
    return new DumpSettings(RECORD_BYTES, kmsgBytes, true);
  }

  private static String lines(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "<6>line " + i + " hash " + Integer.toHexString(i * 0x9E3779B1) + '\n')
        .collect(Collectors.joining());
  }

  private static String noise(int length) {
    SplittableRandom random = new SplittableRandom(length);
    StringBuilder noise = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      noise.append((char) random.nextInt(256));
    }
    return noise.toString();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNewestPartComesFirstAndTogetherTheyAreTheLog(boolean compress) {
    String log = lines(300);
    int written = write(new DumpSettings(RECORD_BYTES, MUCH, compress), 1, new ByteLog(log));
    assertEquals(parts.parts().size(), written);
    assertTrue(written > 2);
    assertTrue(log.endsWith(parts.parts().getFirst().text()));
    assertTrue(log.startsWith(parts.parts().getLast().text()));
    assertEquals(log, parts.text());
    assertEquals(
        IntStream.rangeClosed(1, written).boxed().toList(),
        parts.parts().stream().map(part -> part.name().part()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void eachPartBeginsWithItsHeader(DumpReason reason) {
    try (DumpWriter writer = new DumpWriter(plain(MUCH), CLOCK, counts)) {
      writer.write(reason, 7, new ByteLog(lines(60)), parts);
    }
    for (WrittenParts.Part part : parts.parts()) {
      assertEquals(reason.title(), part.header().title());
      assertEquals(7, part.header().dump());
      assertEquals(part.name().part(), part.header().part());
    }
  }

  @Test
  void namesAreThoseOfLinux() {
    write(plain(1), 3, new ByteLog("text\n"));
    RecordName expected = RecordName.of(0, 1, 3, 1_700_000_000, false);
    assertEquals(List.of(expected), parts.parts().stream().map(WrittenParts.Part::name).toList());
    assertEquals("Oops#3 Part1\ntext\n", new String(parts.parts().getFirst().stored()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1023, 1024, 1025, 3000, 10_240})
  void aDumpEndsOnceItsRecordsHoldEnough(int kmsgBytes) {
    write(plain(kmsgBytes), 1, new ByteLog(lines(2000)));
    int last = parts.parts().getLast().stored().length;
    assertTrue(parts.storedBytes() >= kmsgBytes, () -> "stored=" + parts.storedBytes());
    assertTrue(parts.storedBytes() - last < kmsgBytes, () -> "stored=" + parts.storedBytes());
  }

  /** What counts is what is stored, not the text. */
  @Test
  void compressionMakesADumpHoldMore() {
    ByteLog log = new ByteLog("the same line\n".repeat(5_000));
    write(plain(3000), 1, log);
    int plainText = parts.text().length();
    parts.parts().clear();
    write(compressed(3000), 1, log);
    assertTrue(parts.text().length() > plainText);
  }

  @Test
  void aPlainRecordIsFilled() {
    write(plain(MUCH), 1, new ByteLog("x".repeat(3 * RECORD_BYTES)));
    assertEquals(RECORD_BYTES, parts.parts().getFirst().stored().length);
  }

  @Test
  void aDumpHas99PartsAtMost() {
    String log = lines(20_000);
    assertEquals(99, write(plain(MUCH), 1, new ByteLog(log)));
    assertEquals(99, parts.parts().getLast().name().part());
    assertTrue(log.endsWith(parts.text()));
  }

  @Test
  void textThatCannotBeCompressedLosesNothing() {
    String log = noise(9_000);
    write(compressed(MUCH), 1, new ByteLog(log));
    assertEquals(log, parts.text());
    // The last one may have little text, which fits in either form.
    for (WrittenParts.Part part : parts.parts().subList(0, parts.parts().size() - 1)) {
      assertTrue(!part.name().compressed() && part.stored().length == RECORD_BYTES);
    }
  }

  @Test
  void eachPartIsCompressedOrNotByItself() {
    String log = lines(100) + noise(4_000) + lines(100);
    write(compressed(MUCH), 1, new ByteLog(log));
    assertEquals(log, parts.text());
    assertEquals(
        2, parts.parts().stream().map(part -> part.name().compressed()).distinct().count());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEmptyLogHasNoRecords(boolean compress) {
    assertEquals(0, write(new DumpSettings(RECORD_BYTES, MUCH, compress), 1, new ByteLog("")));
    assertEquals(List.of(), parts.parts());
    assertEquals(0, counts.read(RecordCounter.FAILURES));
  }

  @Test
  void whatTheSinkDoesNotWriteIsNotCounted() {
    WrittenParts refusing = new WrittenParts(2);
    try (DumpWriter writer = new DumpWriter(plain(3000), CLOCK, counts)) {
      assertEquals(2, writer.write(DumpReason.OOPS, 1, new ByteLog(lines(500)), refusing));
    }
    assertEquals(3, refusing.parts().size());
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "-9223372036854775808, 0", "999, 0", "1000, 1"})
  void timesBefore1970Are1970(long millis, long seconds) {
    assertEquals(seconds, secondsOf(millis));
  }

  @ParameterizedTest
  @CsvSource({"253402300799999, 253402300799", "253402300800000, 253402300799"})
  void timesBehindTheYear9999AreItsEnd(long millis, long seconds) {
    assertEquals(seconds, secondsOf(millis));
    assertEquals(253402300799L, secondsOf(Long.MAX_VALUE));
  }

  private long secondsOf(long millis) {
    parts.parts().clear();
    try (DumpWriter writer = new DumpWriter(plain(1), () -> millis, counts)) {
      writer.write(DumpReason.OOPS, 1, new ByteLog("x"), parts);
    }
    return parts.parts().getFirst().name().seconds();
  }

  /** The record's number has three digits for it; the header has the whole number. */
  @ParameterizedTest
  @CsvSource({"999, 999", "1000, 0", "1001, 1", "2147483647, 647"})
  void theCountInNamesIsModulo1000(int dump, int count) {
    write(plain(1), dump, new ByteLog("x"));
    assertEquals(count, parts.parts().getFirst().name().count());
    assertEquals(dump, parts.parts().getFirst().header().dump());
  }

  /** A log that misbehaves from some slice on. */
  private static KmsgSource from(int slice, KmsgSource otherwise) {
    ByteLog log = new ByteLog(lines(300));
    int[] slices = {0};
    return new KmsgSource() {
      @Override
      public long end() {
        return slice == 0 ? otherwise.end() : log.end();
      }

      @Override
      public void sliceBefore(long position, int limitBytes, KmsgSlice target) {
        (++slices[0] < slice ? log : otherwise).sliceBefore(position, limitBytes, target);
      }
    };
  }

  private static KmsgSource throwing(Error error) {
    return new KmsgSource() {
      @Override
      public long end() {
        throw error;
      }

      @Override
      public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
        throw error;
      }
    };
  }

  private static KmsgSource saying(int more, long start) {
    return new KmsgSource() {
      @Override
      public long end() {
        return start;
      }

      @Override
      public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
        slice.set(more < 0 ? more : limitBytes + more, start);
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "2, 1", "3, 2"})
  void aSourceThatThrowsEndsTheDump(int slice, int before) {
    assertEquals(before, write(plain(MUCH), 1, from(slice, throwing(new OutOfMemoryError("")))));
    assertEquals(before, parts.parts().size());
    assertEquals(1, counts.read(RecordCounter.FAILURES));
  }

  @ParameterizedTest
  @CsvSource({"false, 1", "false, -1", "true, 1", "true, -1"})
  void aSourceThatLiesAboutItsLengthEndsTheDump(boolean compress, int more) {
    DumpSettings settings = new DumpSettings(RECORD_BYTES, MUCH, compress);
    assertEquals(1, write(settings, 1, from(2, saying(more, 5))));
    assertEquals(1, counts.read(RecordCounter.FAILURES));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 5, Long.MAX_VALUE})
  void aSourceThatNeverEndsHas99Parts(long start) {
    assertEquals(99, write(plain(MUCH), 1, saying(0, start)));
  }

  /** Asked for more than fits when compressed, then for what fits plain. */
  @Test
  void aSourceThatGivesNothingTheSecondTimeEndsTheDump() {
    String noise = noise(4_000);
    int[] asked = {0};
    ByteLog log =
        new ByteLog(noise) {
          @Override
          public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
            if (++asked[0] == 1) {
              super.sliceBefore(position, limitBytes, slice);
            }
          }
        };
    assertEquals(0, write(compressed(MUCH), 1, log));
    assertEquals(2, asked[0]);
  }

  @Test
  void aClockThatThrowsEndsTheDump() {
    LongSupplier clock =
        () -> {
          throw new IllegalStateException("injected");
        };
    try (DumpWriter writer = new DumpWriter(plain(MUCH), clock, counts)) {
      assertEquals(0, writer.write(DumpReason.OOPS, 1, new ByteLog("x"), parts));
    }
    assertEquals(1, counts.read(RecordCounter.FAILURES));
  }

  /** A dump after one that was cut short is not disturbed by it. */
  @Test
  void aWriterCanBeUsedAgain() {
    try (DumpWriter writer = new DumpWriter(compressed(MUCH), CLOCK, counts)) {
      writer.write(DumpReason.OOPS, 1, from(2, throwing(new StackOverflowError())), parts);
      parts.parts().clear();
      String log = lines(200);
      writer.write(DumpReason.OOPS, 2, new ByteLog(log), parts);
      assertEquals(log, parts.text());
    }
  }
}
