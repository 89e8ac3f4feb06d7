// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** I-17: a record's name round-trips in all of its forms. */
class RecordNameTest {
  private static final int MOST = Integer.MAX_VALUE;

  @Test
  void theThreeFormsAreAsLinuxWroteThem() {
    assertEquals(
        RecordName.of(0, 15, 1, 1795198944L, true),
        RecordName.parse("dump-type0-15-1-1795198944-C"));
    assertEquals(
        RecordName.of(0, 11, 1, 1795198958L, false),
        RecordName.parse("dump-type0-11-1-1795198958-D"));
    assertEquals(
        new RecordName(RecordForm.WITHOUT_LETTER, 0, 3, 7, 1400000000L, false),
        RecordName.parse("dump-type0-3-7-1400000000"));
    assertEquals(
        new RecordName(RecordForm.WITHOUT_COUNT, 0, 3, 0, 1300000000L, false),
        RecordName.parse("dump-type0-3-1300000000"));
  }

  @Property(seed = "1")
  void everyNameIsParsedToWhatItWasMadeOf(@ForAll("names") RecordName name) {
    assertEquals(name, RecordName.parse(name.text()));
    assertTrue(name.text().length() < CrashVariable.NAME_LIMIT_UNITS);
  }

  @Property(seed = "1")
  void whateverIsParsedHasThatNameAndNoOther(@ForAll("almostNames") String text) {
    RecordName name = RecordName.parse(text);

    assertTrue(name == null || name.text().equals(text), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dump-type",
        "dump-type0",
        "dump-type0-",
        "dump-type0-1",
        "dump-type0-1-",
        "dump-type0-1-2-",
        "dump-type0-1-2-3-",
        "dump-type0-1-2-3-X",
        "dump-type0-1-2-3-c",
        "dump-type0-1-2-3-CC",
        "dump-type0-1-2-3-C-",
        "dump-type0-1-2-3-4",
        "dump-type0-1-2-3 ",
        "dump-type-1-2-3-C",
        "dump-type-1-1-2-3-C",
        "dump-type0--1-2-3-C",
        "dump-type0-+1-2-3-C",
        "dump-type0-01-2-3-C",
        "dump-type00-1-2-3-C",
        "dump-type0-1-2-03",
        "dump-type0-\u0661-2-3-C",
        "dump-type2147483648-1-2-3-C",
        "dump-type0-2147483648-2-3-C",
        "dump-type0-1-2147483648-3-C",
        "dump-type0-1-2-9223372036854775808-C",
        "dump-type0-1-2-99999999999999999999999999999999999999999-C",
        "dump-type0-1-9223372036854775808",
        "Dump-type0-1-2-3-C",
        "xdump-type0-1-2-3-C"
      })
  void otherNamesAreNotRecords(String text) {
    assertNull(RecordName.parse(text));
  }

  @Test
  void theLargestNumbersAreTaken() {
    RecordName largest = RecordName.of(MOST, MOST, MOST, Long.MAX_VALUE, true);

    assertEquals(
        "dump-type2147483647-2147483647-2147483647-9223372036854775807-C", largest.toString());
    assertEquals(largest, RecordName.parse(largest.text()));
    assertFalse(RecordName.parse("dump-type0-0-0-0-D").compressed());
  }

  @Test
  void whatAFormCannotSayIsRefused() {
    assertEquals(
        "compressed needs the current form: form=WITHOUT_LETTER, compressed=true",
        refusal(() -> new RecordName(RecordForm.WITHOUT_LETTER, 0, 1, 1, 1, true)));
    assertEquals(
        "count must be 0 in a form without it: form=WITHOUT_COUNT, count=1",
        refusal(() -> new RecordName(RecordForm.WITHOUT_COUNT, 0, 1, 1, 1, false)));
    assertEquals(
        "numbers in a name must not be negative: type=0, part=-1, count=1, seconds=1",
        refusal(() -> RecordName.of(0, -1, 1, 1, true)));
    assertEquals(
        "form",
        assertThrows(NullPointerException.class, () -> new RecordName(null, 0, 1, 1, 1, false))
            .getMessage());
    assertEquals(
        "text",
        assertThrows(NullPointerException.class, () -> RecordName.parse(null)).getMessage());
  }

  private static String refusal(Executable making) {
    return assertThrows(IllegalArgumentException.class, making).getMessage();
  }

  @Property(seed = "1")
  void theBufferComposesTheSameName(
      @ForAll @IntRange int type,
      @ForAll @IntRange int part,
      @ForAll @IntRange int count,
      @ForAll @LongRange(max = Long.MAX_VALUE) long seconds,
      @ForAll boolean compressed) {
    RecordNameBuffer buffer = new RecordNameBuffer();
    buffer.set(MOST, MOST, MOST, Long.MAX_VALUE, true);
    buffer.set(type, part, count, seconds, compressed);
    String expected = RecordName.of(type, part, count, seconds, compressed).text();

    assertTrue(expected.contentEquals(buffer));
    assertEquals(expected, buffer.toString());
    assertEquals(expected.substring(4), buffer.subSequence(4, buffer.length()).toString());
  }

  @Provide
  static Arbitrary<RecordName> names() {
    Arbitrary<Integer> number = Arbitraries.integers().between(0, MOST);
    Arbitrary<Long> seconds = Arbitraries.longs().greaterOrEqual(0);
    return Combinators.combine(
            Arbitraries.of(RecordForm.class),
            number,
            number,
            number,
            seconds,
            Arbitraries.of(true, false))
        .as(
            (form, type, part, count, time, compressed) ->
                new RecordName(
                    form,
                    type,
                    part,
                    form == RecordForm.WITHOUT_COUNT ? 0 : count,
                    time,
                    compressed && form == RecordForm.CURRENT));
  }

  /** A name with one character replaced. */
  @Provide
  static Arbitrary<String> almostNames() {
    return Combinators.combine(
            names().map(RecordName::text),
            Arbitraries.integers().between(0, CrashVariable.NAME_LIMIT_UNITS),
            Arbitraries.of('0', '1', '9', '-', 'C', 'D', '+', ' '))
        .as(
            (text, place, replacement) -> {
              StringBuilder changed = new StringBuilder(text);
              changed.setCharAt(place % text.length(), replacement);
              return changed.toString();
            });
  }
}
