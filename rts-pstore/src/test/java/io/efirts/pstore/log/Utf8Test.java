// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The text in the ring is the UTF-8 that the JDK would make of it. */
class Utf8Test {
  @Property(tries = 500)
  void everyTextIsEncodedAsTheJdkDoes(@ForAll("texts") String text) {
    byte[] expected = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(expected.length, Utf8.fittingLength(text, 0, text.length(), Integer.MAX_VALUE));
    LineSlots slots = new LineSlots(1, 1024);
    assertEquals(text.length(), Utf8.put(slots, 0, expected.length, text, 0, text.length()));
    byte[] actual = new byte[expected.length];
    slots.copy(0, 0, actual.length, actual, 0);
    assertArrayEquals(expected, actual);
  }

  @Property(tries = 300)
  void asManyWholeCharactersAsFitAreTaken(@ForAll("texts") String text) {
    for (int limit = 0; limit < 20; limit++) {
      int length = Utf8.fittingLength(text, 0, text.length(), limit);
      byte[] whole = text.getBytes(StandardCharsets.UTF_8);
      boolean startsCharacter = length == whole.length || (whole[length] & 0xC0) != 0x80;
      assertTrue(length <= limit && startsCharacter, "limit=" + limit);
      assertTrue(length == whole.length || limit - length < 4, "limit=" + limit);
    }
  }

  /** Every width and every way in which surrogates can stand alone, more often than by chance. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.of("a", "\u0000", "\u007f", "\u0080", "\u07ff", "\u0800", "\uffff"),
            Arbitraries.of("\ud800\udc00", "\udbff\udfff", "\ud800", "\udc00", "\udfff"),
            Arbitraries.strings().ofLength(1))
        .list()
        .ofMaxSize(100)
        .map(parts -> String.join("", parts));
  }
}
