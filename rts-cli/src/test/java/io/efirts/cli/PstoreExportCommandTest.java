// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PstoreExportCommandTest {
  @TempDir private Path directory;
  private CrashImage image;
  private Path target;

  @BeforeEach
  void create() throws IOException {
    image = CrashImage.in(directory);
    target = directory.resolve("below/export");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theDirectoryIsMade() throws IOException {
    image.with("dump-type0-1-1-1000-D", "text");

    CommandRun run = rts("pstore", "export", image.path(), target).succeeds();

    assertEquals(target + ": 1 record" + System.lineSeparator(), run.out());
    assertEquals(List.of("dmesg-efi_pstore-100001001"), files());
    assertEquals("text", Files.readString(target.resolve("dmesg-efi_pstore-100001001")));
  }

  @Test
  void noFileIsOverwrittenAndNoneWrittenBesideIt() throws IOException {
    image.with("dump-type0-1-1-1000-D", "text").with("dump-type0-2-1-1000-D", "text");
    Files.createDirectories(target);
    Path existing = Files.writeString(target.resolve("dmesg-efi_pstore-100002001"), "mine");

    rts("pstore", "export", image.path(), target).failsWith(existing + ": file exists");

    assertEquals(List.of("dmesg-efi_pstore-100002001"), files());
    assertEquals("mine", Files.readString(existing));
  }

  @Test
  void aLinkThatLeadsNowhereIsNotFollowed() throws IOException {
    image.with("dump-type0-1-1-1000-D", "text");
    Files.createDirectories(target);
    Path link = target.resolve("dmesg-efi_pstore-100001001");
    Files.createSymbolicLink(link, directory.resolve("elsewhere"));

    rts("pstore", "export", image.path(), target).failsWith(link + ": file exists");

    assertEquals(false, Files.exists(directory.resolve("elsewhere")));
  }

  @Test
  void recordsWithTheSameIdGetNamesOfTheirOwn() throws IOException {
    image.with("dump-type0-0-1-1001-D", "one").with("dump-type0-100-1-1000-D", "two");

    CommandRun run = rts("pstore", "export", image.path(), target);

    assertEquals(0, run.exitCode());
    String distinct = "dmesg-efi_pstore-100100001-dump-type0-0-1-1001-D";
    assertEquals(
        "rts: id 100100001 is that of dump-type0-100-1-1000-D and of dump-type0-0-1-1001-D,"
            + " which becomes "
            + target.resolve(distinct)
            + System.lineSeparator(),
        run.err());
    assertEquals(List.of("dmesg-efi_pstore-100100001", distinct), files());
    assertEquals("two", Files.readString(target.resolve("dmesg-efi_pstore-100100001")));
    assertEquals("one", Files.readString(target.resolve(distinct)));
  }

  @Test
  void aRecordThatCannotBeDecodedIsExportedAsStored() throws IOException {
    image.withBytes("dump-type0-1-1-1000-C", (byte) 7, (byte) 8);

    CommandRun run = rts("pstore", "export", image.path(), target);

    Path file = target.resolve("dmesg-efi_pstore-100001001.enc.z");
    assertEquals(0, run.exitCode());
    assertEquals(
        "rts: dump-type0-1-1-1000-C cannot be decoded and is exported as it is stored: "
            + file
            + System.lineSeparator(),
        run.err());
    assertArrayEquals(new byte[] {7, 8}, Files.readAllBytes(file));
  }

  @Test
  void whatIsNoDirectoryIsRefused() throws IOException {
    image.with("dump-type0-1-1-1000-D", "text");
    Path file = Files.writeString(directory.resolve("file"), "");

    rts("pstore", "export", image.path(), file).failsWith(file + ": is not a directory");
    rts("pstore", "export", image.path(), file.resolve("below")).failsNaming(file.toString());
    rts("pstore", "export", image.path(), "").failsWith("the directory's name must not be empty");
    rts("pstore", "export", image.path()).failsNaming("Missing required parameter: 'DIR'");
  }
}
