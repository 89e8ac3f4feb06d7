// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PstoreShowCommandTest {
  @TempDir private Path directory;
  private CrashImage image;

  @BeforeEach
  void create() throws IOException {
    image = CrashImage.in(directory);
  }

  @Test
  void everyLogIsShownUnderItsNumber() {
    image
        .with("dump-type0-1-1-1000-D", "Oops#1 Part1\nnewest\n")
        .with("dump-type0-3-1-1000-D", "Oops#1 Part3\noldest\n")
        .with("dump-type0-1-1-5000-D", "Panic#1 Part1\nlater\n");

    assertEquals(
        List.of(
            "Dump 1: Oops, 1970-01-01T00:16:40Z, 2 parts",
            "oldest",
            "[part 2 is missing]",
            "newest",
            "",
            "Dump 2: Panic, 1970-01-01T01:23:20Z, 1 part",
            "later"),
        rts("pstore", "show", image.path()).succeeds().lines());
    assertEquals(
        List.of("later"), rts("pstore", "show", image.path(), "--dump", "2").succeeds().lines());
  }

  @Test
  void aLogCannotSteerATerminal() {
    image.withBytes(
        "dump-type0-1-1-1000-D",
        "Oops#1 Part1\n\tred \u001b[31m\r\u202e\u00e4\u0000\n\u00ff"
            .getBytes(StandardCharsets.UTF_8));

    assertEquals(
        List.of("\tred \\u001b[31m", "\\u202e\u00e4\\u0000", "\u00ff"),
        rts("pstore", "show", image.path(), "--dump", "1").succeeds().lines());
  }

  @Test
  void bytesThatAreNoTextAreReplaced() {
    image.withBytes("dump-type0-1-1-1000-D", (byte) 'a', (byte) 0xFF, (byte) 'b');

    assertEquals(
        List.of("a\ufffdb"), rts("pstore", "show", image.path(), "--dump", "1").succeeds().lines());
  }

  @Test
  void aDumpThatIsNotThereIsAnError() {
    String message = "the dump's number must be one that list shows: dump=";
    rts("pstore", "show", image.path(), "--dump", "1").failsWith(message + "1, dumps=0");
    image.with("dump-type0-1-1-1000-D", "x");
    rts("pstore", "show", image.path(), "--dump", "0").failsWith(message + "0, dumps=1");
    rts("pstore", "show", image.path(), "--dump", "2").failsWith(message + "2, dumps=1");
    rts("pstore", "show", image.path(), "--dump", "-1").failsNaming("dump");
    rts("pstore", "show", image.path(), "--dump", "x").failsNaming("'x' is not");
  }

  @Test
  void withoutRecordsThereIsNothingToShow() {
    assertEquals("", rts("pstore", "show", image.path()).succeeds().out());
  }
}
