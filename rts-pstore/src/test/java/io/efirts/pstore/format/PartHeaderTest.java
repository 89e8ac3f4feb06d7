// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartHeaderTest {
  private static final int MOST = Integer.MAX_VALUE;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "PANIC, 1, 15, Panic#1 Part15",
    "OOPS, 0, 1, Oops#0 Part1",
    "EMERGENCY, 2147483647, 2147483647, Emergency#2147483647 Part2147483647"
  })
  void theLineIsAsLinuxWritesIt(DumpReason reason, int dump, int part, String line) {
    byte[] target = new byte[PartHeader.MAX_BYTES + 3];

    int length = PartHeader.write(reason, dump, part, target, 3);

    assertEquals(line + "\n", new String(target, 3, length, StandardCharsets.US_ASCII));
  }

  @Property(seed = "1")
  void whatIsWrittenIsParsed(
      @ForAll DumpReason reason, @ForAll @IntRange int dump, @ForAll @IntRange int part) {
    byte[] target = new byte[PartHeader.MAX_BYTES];

    int length = PartHeader.write(reason, dump, part, target, 0);
    PartHeader parsed = PartHeader.parse(target);

    assertEquals(new PartHeader(reason.title(), dump, part, length), parsed);
    assertEquals(reason, parsed.reason());
  }

  @Test
  void theLongestLineHasTheMaximum() {
    byte[] target = new byte[PartHeader.MAX_BYTES];

    assertEquals(
        PartHeader.MAX_BYTES, PartHeader.write(DumpReason.EMERGENCY, MOST, MOST, target, 0));
  }

  @Test
  void aTitleOfAnOlderKernelIsParsed() {
    PartHeader header = PartHeader.parse(bytes("Restart#3 Part2\n<6>text"));

    assertEquals(new PartHeader("Restart", 3, 2, 16), header);
    assertEquals(DumpReason.UNDEFINED, header.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "Panic",
        "Panic\n",
        "Panic#1 Part1",
        "Panic#1 Part\n",
        "Panic# Part1\n",
        "Panic#1Part1\n",
        "Panic 1 Part1\n",
        "#1 Part1\n",
        "Panic#-1 Part1\n",
        "Panic#1 Part1 \n",
        "Panic#1 Part1x\n",
        "Panic#1 Part1 Part1\n",
        "Panic#2147483648 Part1\n",
        "Panic#1 Part99999999999\n",
        "Emergencyy#1 Part1\n",
        "\u00c9tat#1 Part1\n",
        "<6>[    0.000000] Linux version 6.12.0 (builder@host) (gcc) #1 Part1\n"
      })
  void otherLinesAreNoHeader(String text) {
    assertNull(PartHeader.parse(bytes(text)));
  }

  @Test
  void misuseIsNamed() {
    byte[] target = new byte[PartHeader.MAX_BYTES];

    assertEquals(
        "numbers in a header must not be negative: dump=-1, part=1",
        refusal(() -> PartHeader.write(DumpReason.OOPS, -1, 1, target, 0)));
    assertEquals(
        "offset must leave room for a header: offset=1, length=36, needed=36",
        refusal(() -> PartHeader.write(DumpReason.OOPS, 1, 1, target, 1)));
    assertEquals(
        "offset must leave room for a header: offset=-1, length=36, needed=36",
        refusal(() -> PartHeader.write(DumpReason.OOPS, 1, 1, target, -1)));
  }

  private static String refusal(Executable writing) {
    return assertThrows(IllegalArgumentException.class, writing).getMessage();
  }
}
