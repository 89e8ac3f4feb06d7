// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time in front of a line is Linux's: seconds in five places or more, microseconds in six. */
class LinePrefixTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, '<0>[    0.000000] x'",
    "999, 7, '<7>[    0.000000] x'",
    "1000, 6, '<6>[    0.000001] x'",
    "999999999, 6, '<6>[    0.999999] x'",
    "1000000000, 3, '<3>[    1.000000] x'",
    "99999999999999, 3, '<3>[99999.999999] x'",
    "100000000000000, 3, '<3>[100000.000000] x'",
    "1234567000001000, 3, '<3>[1234567.000001] x'",
    "9223372036854775807, 3, '<3>[9223372036.854775] x'",
  })
  void aLineIsDated(long elapsedNanos, int level, String line) {
    assertEquals(line, dated(level, elapsedNanos));
  }

  @Property(tries = 300)
  void theTimeIsWhatPrintfWouldWrite(
      @ForAll @LongRange(min = 0) long elapsedNanos, @ForAll @IntRange(max = 7) int level) {
    assertEquals(
        String.format(
            Locale.ROOT,
            "<%d>[%5d.%06d] x",
            level,
            elapsedNanos / 1_000_000_000,
            elapsedNanos % 1_000_000_000 / 1000),
        dated(level, elapsedNanos));
  }

  private static String dated(int level, long elapsedNanos) {
    VirtualClock clock = new VirtualClock();
    LogRing ring = new LogRing(4, 32, clock);
    clock.advance(Duration.ofNanos(elapsedNanos));
    ring.append(level, "x");
    return KmsgDump.lines(ring).getFirst();
  }
}
