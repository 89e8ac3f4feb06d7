// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spi.NanoClock;
import io.efirts.testkit.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a text on its way into the ring. */
class LogRingTest {
  private static final int SLOTS = 16;
  private static final int SLOT_BYTES = 32;
  private static final int MAX_LINE = SLOTS * SLOT_BYTES / 4;

  private final LogRing ring = new LogRing(SLOTS, SLOT_BYTES, NanoClock.SYSTEM);

  private void appendRaw(String text) {
    byte[] bytes = ("#" + text + "#").getBytes(StandardCharsets.UTF_8);
    ring.append(bytes, 1, bytes.length - 2);
  }

  @Test
  void newlinesPartTheLinesOfAText() {
    ring.append("a\nb\n\nc");
    assertEquals(List.of("a", "b", "", "c"), KmsgDump.lines(ring));
  }

  @Test
  void newlinesPartTheLinesOfBytes() {
    appendRaw("a\nb\n\nc");
    assertEquals(List.of("a", "b", "", "c"), KmsgDump.lines(ring));
  }

  @Test
  void aNewlineAtTheEndAddsNoLine() {
    ring.append("a\n");
    appendRaw("b\n");
    assertEquals(List.of("a", "b"), KmsgDump.lines(ring));
  }

  @Test
  void anEmptyTextIsAnEmptyLine() {
    ring.append("");
    ring.append("\n");
    appendRaw("");
    appendRaw("\n");
    assertEquals(List.of("", "", "", ""), KmsgDump.lines(ring));
  }

  @Test
  void everyLineOfATextHasThePrefix() {
    LogRing dated = new LogRing(SLOTS, SLOT_BYTES, new VirtualClock());
    dated.append(4, "a\nb");
    assertEquals(List.of("<4>[    0.000000] a", "<4>[    0.000000] b"), KmsgDump.lines(dated));
  }

  @Test
  void aLineOfTheGreatestLengthIsWhole() {
    String text = "x".repeat(MAX_LINE - 1);
    ring.append(text);
    appendRaw(text);
    assertEquals(List.of(text, text), KmsgDump.lines(ring));
    assertEquals(0, ring.cutLines());
    assertEquals(MAX_LINE, ring.maxLineBytes());
  }

  @Test
  void aLongerLineIsCutAndCounted() {
    String text = "x".repeat(MAX_LINE);
    ring.append(text);
    appendRaw(text);
    String cut = "x".repeat(MAX_LINE - 1);
    assertEquals(List.of(cut, cut), KmsgDump.lines(ring));
    assertEquals(2, ring.cutLines());
  }

  @Test
  void aLineIsCutBehindItsPrefixToo() {
    ring.append(7, "x".repeat(MAX_LINE));
    String line = KmsgDump.lines(ring).getFirst();
    assertEquals(MAX_LINE - 1, line.length());
    assertEquals(1, ring.cutLines());
  }

  @Test
  void aCharacterIsNotCutInTheMiddle() {
    ring.append("x".repeat(MAX_LINE - 2) + "\u00e9");
    assertEquals(List.of("x".repeat(MAX_LINE - 2)), KmsgDump.lines(ring));
    assertEquals(1, ring.cutLines());
  }

  @Test
  void ofATextLongerThanTheRingTheRestIsCut() {
    int lines = SLOTS * SLOT_BYTES / 2;
    ring.append("x\n".repeat(lines) + "never");
    appendRaw("y\n".repeat(lines) + "never");
    assertEquals(2, ring.cutLines());
    assertEquals(Collections.nCopies(SLOTS, "y"), KmsgDump.lines(ring));
  }

  @Test
  void aTextThatThrowsLeavesNoLineAndItsSlotsFree() {
    ring.append("before");
    FailingText.appendTo(ring);
    ring.append("after");
    assertEquals(List.of("before", "after"), KmsgDump.lines(ring));
    assertEquals(1, ring.lostLines());
    assertEquals(0, ring.tornGaps());
    for (int i = 0; i < SLOTS; i++) {
      ring.append("line " + i);
    }
    assertEquals(SLOTS, KmsgDump.lines(ring).size());
    assertEquals(1, ring.lostLines());
  }

  @Test
  void aTextThatGrowsMeanwhileIsCutWhereItWasMeasured() {
    ring.append(new ChangingText("short", "longer \u20ac\u20ac"));
    ring.append("after");
    assertEquals(List.of("longe", "after"), KmsgDump.lines(ring));
    assertEquals(0, ring.lostLines());
  }

  @Test
  void aTextWhoseCharactersGetWiderIsCutAndFilledUp() {
    ring.append(new ChangingText("abcde", "ab\u20ac\u20ac\u20ac"));
    assertEquals(List.of("ab\u20ac"), KmsgDump.lines(ring));
    ring.append(new ChangingText("abcde", "abc\u20ac\u20ac"));
    assertEquals(List.of("ab\u20ac", "abc??"), KmsgDump.lines(ring));
    assertEquals(2, ring.cutLines());
  }

  @Test
  void aWriteInsideAWriteOfTheSameThreadIsALineOfItsOwn() {
    ring.append(
        new ChangingText("outer", "outer") {
          @Override
          void changed() {
            ring.append("inner");
          }
        });
    assertEquals(List.of("outer", "inner"), KmsgDump.lines(ring));
  }

  @Test
  void sizesMustBePowersOfTwoWithinBounds() {
    assertRefused("slotCount must be a power of two: slotCount=0", 0, 32);
    assertRefused("slotCount must be a power of two: slotCount=-2147483648", 1 << 31, 32);
    assertRefused("slotCount must be a power of two: slotCount=12", 12, 32);
    assertRefused("slotBytes must be a power of two from 32 to 65536: slotBytes=16", 1, 16);
    assertRefused("slotBytes must be a power of two from 32 to 65536: slotBytes=100", 1, 100);
    assertRefused("slotBytes must be a power of two from 32 to 65536: slotBytes=131072", 1, 131072);
    assertRefused(
        "ring must have at most 2^30 bytes: slotCount=1073741824, slotBytes=32", 1 << 30, 32);
  }

  private static void assertRefused(String message, int slots, int slotBytes) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new LogRing(slots, slotBytes, NanoClock.SYSTEM))
            .getMessage());
  }

  @Test
  void argumentsMustBeInRange() {
    assertThrows(IllegalArgumentException.class, () -> ring.append(-1, "x"));
    assertThrows(IllegalArgumentException.class, () -> ring.append(8, "x"));
    assertThrows(IllegalArgumentException.class, () -> ring.append(new byte[3], 1, 3));
    assertThrows(IllegalArgumentException.class, () -> ring.append(new byte[3], -1, 1));
    assertThrows(IllegalArgumentException.class, () -> ring.append(new byte[3], 1, -1));
    KmsgSlice slice = new KmsgSlice(new byte[10], 2);
    assertThrows(IllegalArgumentException.class, () -> ring.sliceBefore(ring.end(), 0, slice));
    assertThrows(IllegalArgumentException.class, () -> ring.sliceBefore(ring.end(), 9, slice));
    assertEquals(List.of(), KmsgDump.lines(ring));
  }

  @Test
  void theDefaultRingHasHalfAMebibyte() {
    assertEquals(512 * 1024 / 4, new LogRing().maxLineBytes());
  }
}
