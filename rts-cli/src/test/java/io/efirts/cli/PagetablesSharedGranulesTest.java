// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.PagetablesFiles.runArm64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where regions do not begin and end with granules, {@code rts pagetables} says what it costs. */
class PagetablesSharedGranulesTest {
  /** Code that is read-only by itself, and data behind it, in one granule of 64 KiB. */
  private static final String CODE_AND_DATA =
      """
      5 0x400000 0 3 0x800000000002000f
      6 0x403000 0 1 0x800000000000000f
      6 0x404000 0 8 0x800000000000000f
      """;

  @TempDir private Path directory;
  private PagetablesFiles files;

  @BeforeEach
  void useDirectory() {
    files = new PagetablesFiles(directory);
  }

  private static JsonArray granules(CommandRun run) {
    return run.succeeds().json().getAsJsonObject().getAsJsonArray("sharedGranules");
  }

  @Test
  void forPeople() throws IOException {
    String out = runArm64(files.aavmf(), "--granule", "64k").succeeds().out();

    assertTrue(
        out.contains(
            """

            Granules of 64 KiB shared by memory that alone would not be mapped alike, or at all:
               GRANULE  MAPPED        PART  PAGES                 TYPE       ALONE
             0x9010000  rw- UC   0x9010000      1    EfiMemoryMappedIO      rw- UC
                                         -     15         other memory  not mapped
            0x4c430000  rw- WB  0x4c43c000      4  EfiBootServicesData      rw- WB
                                         -     12         other memory  not mapped
            0x4c730000  rwx WB  0x4c730000      7  EfiBootServicesCode      rwx WB
                                0x4c737000      9  EfiBootServicesData      rw- WB

            W^X does not hold, both writable and executable are:
            """),
        out);
  }

  @Test
  void forPrograms() throws IOException {
    Path memmap = files.memmap(CODE_AND_DATA);

    assertEquals(
        JsonParser.parseString(
            """
            [{"physicalAddress": "0x400000", "bytes": 65536, "permissions": "rwx", "cache": "WB",
              "foreignBytes": 16384, "breaksWriteXorExecute": true,
              "parts": [
                {"type": 5, "region": "0x400000", "physicalAddress": "0x400000", "pages": 3,
                 "permissions": "r-x", "cache": "WB"},
                {"type": 6, "region": "0x403000", "physicalAddress": "0x403000", "pages": 1,
                 "permissions": "rw-", "cache": "WB"},
                {"type": 6, "region": "0x404000", "physicalAddress": "0x404000", "pages": 8,
                 "permissions": "rw-", "cache": "WB"}]}]
            """),
        granules(runArm64(memmap, "--granule", "64k", "--json")));
  }

  @Test
  void permissionsThatAreOnlySharedAreNamed() throws IOException {
    Path memmap = files.memmap(CODE_AND_DATA);

    String out = runArm64(memmap, "--granule", "16k").succeeds().out();
    assertTrue(out.contains("\nWritable and executable only because of that: 0x400000\n"), out);
    assertTrue(
        out.endsWith("\nW^X does not hold, both writable and executable are:\n0x400000-0x403fff\n"),
        out);
    assertTrue(
        runArm64(memmap)
            .succeeds()
            .out()
            .endsWith("W^X holds: no page is both writable and" + " executable.\n"));
  }

  @Test
  void ofARegionThatReachesFurtherOnlyThePartInTheGranuleIsShown() throws IOException {
    JsonElement last =
        granules(runArm64(files.aavmf(), "--granule=64k", "--json")).asList().getLast();

    assertEquals(
        JsonParser.parseString(
            """
            {"type": 4, "region": "0x4c737000", "physicalAddress": "0x4c737000", "pages": 9,
             "permissions": "rw-", "cache": "WB"}
            """),
        last.getAsJsonObject().getAsJsonArray("parts").get(1));
  }

  @Test
  void wholeGranulesAreNotShared() throws IOException {
    Path memmap = files.memmap("6 0x500000 0 16 0x800000000000000f\n");
    String nothing =
        "\nNo granule of 64 KiB is shared by memory that alone would not be mapped alike.\n";

    assertEquals(new JsonArray(), granules(runArm64(memmap, "--granule=64k", "--json")));
    String out = runArm64(memmap, "--granule=64k").succeeds().out();
    assertTrue(out.contains(nothing), out);
  }

  @Test
  void withPagesOfTheMapNothingIsSaidOfThem() throws IOException {
    String json = runArm64(files.aavmf(), "--json").succeeds().out();
    String out = runArm64(files.aavmf()).succeeds().out();

    assertFalse(json.contains("sharedGranules"), json);
    assertFalse(out.contains("ranule of 4 KiB is"), out);
    assertFalse(out.contains("Granules"), out);
  }

  @Test
  void attributesOfAPartOfAGranuleAreNotUsed() throws IOException {
    Path attributes =
        files.attributes(
            """
            EfiRuntimeServicesCode 0x4c440000 0 20 0x8000000000020000
            EfiRuntimeServicesCode 0x4c680000 0 16 0x8000000000020000
            """);
    Path memmap = files.aavmf();

    CommandRun run =
        runArm64(memmap, "--granule=64k", "--after", "--attributes", attributes, "--json");
    assertEquals(0, run.exitCode());
    assertEquals(
        "rts: "
            + attributes
            + ":1: not used: entry must have whole pages of the host's: physicalStart=0x4c440000,"
            + " numberOfPages=20, pageBytes=65536\n",
        run.err());
    assertTrue(run.out().contains("\"r-x\""), run.out());
    assertFalse(
        runArm64(memmap, "--granule=16k", "--after", "--attributes", attributes)
            .succeeds()
            .out()
            .contains("not used"));
  }
}
