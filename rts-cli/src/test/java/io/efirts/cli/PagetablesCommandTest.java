// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagetablesCommandTest {
  private static final String ATTRIBUTES =
      """
      # type physicalAddress virtualAddress pages attribute
      EfiRuntimeServicesCode  0x400000  0 2 0x8000000000020000
      EfiRuntimeServicesCode  0x402000  0 1 0x8000000000004000   # data of the same image
      EfiRuntimeServicesData  0x500000  0 4 0x8000000000004000
      """;

  @TempDir private Path directory;
  private PagetablesFiles files;

  @BeforeEach
  void useDirectory() {
    files = new PagetablesFiles(directory);
  }

  /** The mappings as "start-end permissions cache". */
  private static List<String> mappings(CommandRun run) {
    List<String> mappings = new ArrayList<>();
    for (JsonElement element : run.succeeds().json().getAsJsonObject().getAsJsonArray("mappings")) {
      JsonObject mapping = element.getAsJsonObject();
      mappings.add(
          mapping.get("start").getAsString()
              + "-"
              + mapping.get("end").getAsString()
              + " "
              + mapping.get("permissions").getAsString()
              + " "
              + mapping.get("cache").getAsString());
    }
    return mappings;
  }

  private static JsonElement regions(CommandRun run) {
    return run.succeeds().json().getAsJsonObject().get("regions");
  }

  private static void assertLastLines(CommandRun run, String lines) {
    assertTrue(run.succeeds().out().endsWith("\n\n" + lines), run.out());
  }

  @Test
  void forPeople() throws IOException {
    assertEquals(
        """
        x86_64, 4 levels, before SetVirtualAddressMap
        regions 4, pages in them 1543, page tables 9 (36 KiB)

                          TYPE    PHYSICAL             VIRTUAL  PAGES           ATTRIBUTES
           EfiBootServicesCode    0x200000  0xfffffffeff800000    512          UC|WC|WT|WB
        EfiRuntimeServicesCode    0x400000  0xfffffffeffa00000      3  UC|WC|WT|WB|RUNTIME
        EfiRuntimeServicesData    0x500000  0xfffffffeffb00000      4  UC|WC|WT|WB|RUNTIME
             EfiMemoryMappedIO  0xffc00000  0xfffffffeffc00000   1024           UC|RUNTIME

                     START                 END    PHYSICAL  PAGE SIZE  PERMISSIONS  CACHE
                       0x0               0xfff         0x0      4 KiB          rw-     WB
                  0x200000            0x3fffff    0x200000      2 MiB          rwx     WB
                  0x400000            0x402fff    0x400000      4 KiB          rwx     WB
                  0x500000            0x503fff    0x500000      4 KiB          rw-     WB
                0xffc00000          0xffffffff  0xffc00000      2 MiB          rw-     UC
        0xfffffffeff800000  0xfffffffeff9fffff    0x200000      2 MiB          rwx     WB
        0xfffffffeffa00000  0xfffffffeffa02fff    0x400000      4 KiB          rwx     WB
        0xfffffffeffb00000  0xfffffffeffb03fff    0x500000      4 KiB          rw-     WB
        0xfffffffeffc00000  0xfffffffeffffffff  0xffc00000      2 MiB          rw-     UC

        W^X does not hold, both writable and executable are:
        0x200000-0x3fffff
        0x400000-0x402fff
        """,
        files.runSmall().succeeds().out());
  }

  @Test
  void forPrograms() throws IOException {
    Path memmap =
        files.memmap("6 0x500000 0 3 0x800000000000000f\n6 0x503000 0 1 0x800000000000000f\n");

    assertEquals(
        JsonParser.parseString(
            """
            {"regions": [
               {"type": 6, "physicalAddress": "0x500000",
                "virtualAddress": "0xfffffffefff00000", "pages": 4,
                "attribute": "0x800000000000000f"}],
             "mappings": [
               {"start": "0x0", "end": "0xfff", "physicalAddress": "0x0", "pageSize": 4096,
                "permissions": "rw-", "cache": "WB"},
               {"start": "0x500000", "end": "0x503fff", "physicalAddress": "0x500000",
                "pageSize": 4096, "permissions": "rw-", "cache": "WB"},
               {"start": "0xfffffffefff00000", "end": "0xfffffffefff03fff",
                "physicalAddress": "0x500000", "pageSize": 4096,
                "permissions": "rw-", "cache": "WB"}]}
            """),
        PagetablesFiles.run(memmap, "--json").succeeds().json());
  }

  @Test
  void afterwardsBootServicesMemoryIsGone() throws IOException {
    List<String> before = mappings(files.runSmall("--json"));
    List<String> after = mappings(files.runSmall("--json", "--after"));

    assertTrue(before.remove("0x200000-0x3fffff rwx WB"), before::toString);
    assertTrue(before.remove("0xfffffffeff800000-0xfffffffeff9fffff rwx WB"), before::toString);
    assertEquals(before, after);
    assertEquals(3, regions(files.runSmall("--json", "--after")).getAsJsonArray().size());
  }

  @Test
  void afterwardsAttributesTakePermissionsFromBothAliases() throws IOException {
    Path attributes = files.attributes(ATTRIBUTES);

    assertEquals(
        List.of(
            "0x0-0xfff rw- WB",
            "0x400000-0x401fff r-x WB",
            "0x402000-0x402fff rw- WB",
            "0x500000-0x503fff rw- WB",
            "0xffc00000-0xffffffff rw- UC",
            "0xfffffffeffa00000-0xfffffffeffa01fff r-x WB",
            "0xfffffffeffa02000-0xfffffffeffa02fff rw- WB",
            "0xfffffffeffb00000-0xfffffffeffb03fff rw- WB",
            "0xfffffffeffc00000-0xfffffffeffffffff rw- UC"),
        mappings(files.runSmall("--after", "--attributes", attributes, "--json")));
    assertLastLines(
        files.runSmall("--after", "--attributes", attributes),
        "W^X holds: no page is both writable and executable.\n");
  }

  @Test
  void beforeThatAttributesAreOnlyChecked() throws IOException {
    Path attributes = files.attributes(ATTRIBUTES);

    assertEquals(
        files.runSmall("--json").succeeds().out(),
        files.runSmall("--json", "--attributes", attributes).succeeds().out());
  }

  @Test
  void anAttributesTableMayHaveNoEntry() throws IOException {
    Path attributes = files.attributes("# nothing\n");

    assertEquals(
        files.runSmall("--after").succeeds().out(),
        files.runSmall("--after", "--attributes", attributes).succeeds().out());
  }

  /** With a gap that a plan from the top down would not leave. */
  @Test
  void aSuccessorMapsWhereItsPredecessorDid() throws IOException {
    Path memmap =
        files.memmap(
            """
            5 0x400000 0xfffffffeff400000 1 0x800000000000000f
            6 0x500000 0xfffffffeffb00000 4 0x800000000000000f
            """);

    assertEquals(
        List.of(
            "0x0-0xfff rw- WB",
            "0x400000-0x400fff rwx WB",
            "0x500000-0x503fff rw- WB",
            "0xfffffffeff400000-0xfffffffeff400fff rwx WB",
            "0xfffffffeffb00000-0xfffffffeffb03fff rw- WB"),
        mappings(PagetablesFiles.run(memmap, "--successor", "--json")));
    assertEquals(
        List.of(
            "0x0-0xfff rw- WB",
            "0x400000-0x400fff rwx WB",
            "0x500000-0x503fff rw- WB",
            "0xfffffffeffe00000-0xfffffffeffe00fff rwx WB",
            "0xfffffffefff00000-0xfffffffefff03fff rw- WB"),
        mappings(PagetablesFiles.run(memmap, "--json")));
  }

  @Test
  void everyRegionOfAListOfMappedOnesIsMapped() throws IOException {
    Path memmap = files.memmap("2 0x400000 0xfffffffeff400000 1 0xf\n");

    assertEquals(1, regions(PagetablesFiles.run(memmap, "--json")).getAsJsonArray().size());
  }

  @Test
  void aMappedAddressIsExplainedAtEveryLevel() throws IOException {
    String entries =
        """
        PML4E[0] at 0x101000 = 0x0000000000102003: table 0x102000 P RW, so far rwx
        PDPTE[0] at 0x102000 = 0x0000000000103003: table 0x103000 P RW, so far rwx
        PDE[1] at 0x103008 = 0x0000000000200083: 2 MiB page 0x200000 P RW PS, so far rwx WRITE_BACK
        READ: PA 0x201234
        WRITE: PA 0x201234
        EXECUTE: PA 0x201234
        lies in EfiBootServicesCode physicalStart=0x200000 virtualStart=0xfffffffeff800000 \
        numberOfPages=512 attribute=UC|WC|WT|WB, at its physical address
        """;

    assertLastLines(
        files.runSmall("--levels", "5", "--explain", "0x201234"),
        """
        VA 0x0000000000201234, FIVE_LEVEL, root 0x100000
        PML5E[0] at 0x100000 = 0x0000000000101003: table 0x101000 P RW, so far rwx
        """
            + entries);
  }

  @Test
  void bootServicesMemoryThatHasGoneIsExplained() throws IOException {
    assertLastLines(
        files.runSmall("--after", "--explain", "2101812"),
        """
        VA 0x0000000000201234, FOUR_LEVEL, root 0x100000
        PML4E[0] at 0x100000 = 0x0000000000101003: table 0x101000 P RW, so far rwx
        PDPTE[0] at 0x101000 = 0x0000000000102003: table 0x102000 P RW, so far rwx
        PDE[1] at 0x102008 = 0x0000000000000000: not present
        READ: page fault, error code 0x0
        WRITE: page fault, error code 0x2 (W)
        EXECUTE: page fault, error code 0x10 (I)
        lies in EfiBootServicesCode physicalStart=0x200000 virtualStart=0xfffffffeff800000 \
        numberOfPages=512 attribute=UC|WC|WT|WB, at its physical address, \
        which was given up after SetVirtualAddressMap
        missing descriptor: {type = 0x3, pad = 0x0, phys_addr = 0x200000, \
        virt_addr = 0xfffffffeff800000, num_pages = 0x200, attribute = 0x800000000000000f}
        """);
  }

  @Test
  void anAddressOfNothingIsExplained() throws IOException {
    CommandRun run = files.runSmall("--explain", "0x10000000", "--json");

    JsonElement explanation = run.succeeds().json().getAsJsonObject().get("explanation");
    List<String> lines =
        explanation.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
    assertEquals("PDE[128] at 0x102400 = 0x0000000000000000: not present", lines.get(3));
    assertTrue(lines.contains("lies in nothing that firmware has declared"), lines::toString);
  }

  @Test
  void thereIsAnExplanationOnlyForWhoAsks() throws IOException {
    assertEquals(
        List.of("regions", "mappings"),
        List.copyOf(files.runSmall("--json").succeeds().json().getAsJsonObject().keySet()));
    assertFalse(files.runSmall().succeeds().out().contains("VA 0x"));
  }

  @Test
  void anAddressThatIsNotCanonicalWithFourLevelsIsSoWithFive() throws IOException {
    String address = "0x0000800000000000";
    String outcome = "READ: fault, address is not canonical";

    assertTrue(files.runSmall("--explain", address).succeeds().lines().contains(outcome));
    assertFalse(
        files.runSmall("--levels", "5", "--explain", address).succeeds().lines().contains(outcome));
  }
}
