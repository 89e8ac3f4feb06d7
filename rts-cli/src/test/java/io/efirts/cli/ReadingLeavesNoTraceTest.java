// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that read, and every command that fails, leave an image as it was. */
class ReadingLeavesNoTraceTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

  @TempDir private Path directory;

  private static void assertUntouched(Path image, List<List<Object>> commands) throws IOException {
    byte[] before = Files.readAllBytes(image);
    Files.setLastModifiedTime(image, LONG_AGO);
    for (List<Object> command : commands) {
      rts(command.toArray());

      assertArrayEquals(before, Files.readAllBytes(image), command.toString());
      assertEquals(LONG_AGO, Files.getLastModifiedTime(image), command.toString());
    }
  }

  @Test
  void readingAStore() throws IOException {
    Path image = TestImages.filled(directory);

    assertUntouched(
        image,
        List.of(
            List.of("vars", "list", image),
            List.of("vars", "list", image, "--phase", "runtime", "--json"),
            List.of("vars", "get", image, "Alpha", GUID),
            List.of("vars", "get", image, "Nothing", GUID),
            List.of("vars", "info", image),
            List.of("demo", "--vars", image)));
  }

  @Test
  void readingCrashRecords() throws IOException {
    Path image =
        CrashImage.in(directory)
            .with("dump-type0-1-1-1000-D", "text")
            .with("no record", "text")
            .path();

    assertUntouched(
        image,
        List.of(
            List.of("pstore", "list", image),
            List.of("pstore", "list", image, "--json"),
            List.of("pstore", "show", image),
            List.of("pstore", "export", image, directory.resolve("export")),
            List.of("pstore", "rm", image, "42"),
            List.of("pstore", "rm", image, "--dump", "2")));
  }

  @Test
  void readingAnImageThatIsNotFormattedYet() throws IOException {
    Path image = TestImages.constant(directory, 768 << 10, 0);

    assertUntouched(
        image,
        List.of(
            List.of("vars", "list", image),
            List.of("vars", "info", image, "--json"),
            List.of("demo", "--vars", image)));
  }

  @Test
  void failing() throws IOException {
    Path image = TestImages.filled(directory);

    assertUntouched(
        image,
        List.of(
            List.of("vars", "set", image, "Alpha", GUID, "3", "00"),
            List.of("vars", "set", image, "Alpha", GUID, "7", "0"),
            List.of("vars", "set", image, "Large", GUID, "7", "00".repeat(33_800)),
            List.of("vars", "rm", image, "Nothing", GUID)));
  }
}
