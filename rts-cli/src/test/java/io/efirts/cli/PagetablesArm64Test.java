// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static io.efirts.cli.PagetablesFiles.runArm64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rts pagetables --arch arm64}, with every granule. */
class PagetablesArm64Test {
  @TempDir private Path directory;
  private PagetablesFiles files;

  @BeforeEach
  void useDirectory() {
    files = new PagetablesFiles(directory);
  }

  private static List<JsonObject> array(CommandRun run, String name) {
    return run.succeeds().json().getAsJsonObject().getAsJsonArray(name).asList().stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  /** The values of an object's members, in their order. */
  private static String values(JsonObject object) {
    return String.join(
        " ", object.asMap().values().stream().map(JsonElement::getAsString).toList());
  }

  /** The mappings as "start end physical pageSize permissions cache". */
  private static List<String> mappings(CommandRun run) {
    return new ArrayList<>(
        array(run, "mappings").stream().map(PagetablesArm64Test::values).toList());
  }

  /** The regions as "type physical virtual pages attribute": lines of a memory map. */
  private static List<String> regions(CommandRun run) {
    return array(run, "regions").stream().map(PagetablesArm64Test::values).toList();
  }

  private static void assertLastLines(CommandRun run, String lines) {
    assertTrue(run.succeeds().out().endsWith("\n\n" + lines), run.out());
  }

  @Test
  void forPeople() throws IOException {
    assertEquals(
        """
        arm64, 4 KiB granule, 48 bits, before SetVirtualAddressMap
        regions 5, pages in them 1543, page tables 6 (24 KiB)

                          TYPE    PHYSICAL     VIRTUAL  PAGES           ATTRIBUTES
           EfiBootServicesCode    0x200000           -    512          UC|WC|WT|WB
        EfiRuntimeServicesCode    0x400000  0x20000000      2  UC|WC|WT|WB|RUNTIME
        EfiRuntimeServicesCode    0x402000  0x20012000      1  UC|WC|WT|WB|RUNTIME
        EfiRuntimeServicesData    0x500000  0x20020000      4  UC|WC|WT|WB|RUNTIME
             EfiMemoryMappedIO  0xffc00000  0x20200000   1024           UC|RUNTIME

             START         END    PHYSICAL  PAGE SIZE  PERMISSIONS  CACHE
          0x200000    0x3fffff    0x200000      2 MiB          rwx     WB
          0x400000    0x402fff    0x400000      4 KiB          rwx     WB
          0x500000    0x503fff    0x500000      4 KiB          rw-     WB
        0x20000000  0x20001fff    0x400000      4 KiB          rwx     WB
        0x20012000  0x20012fff    0x402000      4 KiB          rwx     WB
        0x20020000  0x20023fff    0x500000      4 KiB          rw-     WB
        0x20200000  0x205fffff  0xffc00000      2 MiB          rw-     UC
        0xffc00000  0xffffffff  0xffc00000      2 MiB          rw-     UC

        W^X does not hold, both writable and executable are:
        0x200000-0x402fff
        """,
        runArm64(files.small()).succeeds().out());
  }

  @Test
  void forPrograms() throws IOException {
    Path memmap = files.memmap("6 0x500000 0 3 0x800000000000000f\n");
    CommandRun run = runArm64(memmap, "--json");

    assertEquals(List.of("6 0x500000 0x20000000 3 0x800000000000000f"), regions(run));
    assertEquals(
        List.of(
            "0x500000 0x502fff 0x500000 4096 rw- WB", "0x20000000 0x20002fff 0x500000 4096 rw- WB"),
        mappings(run));
    assertEquals(
        List.of("regions", "mappings"), List.copyOf(run.json().getAsJsonObject().keySet()));
  }

  @Test
  void itHasASecondName() throws IOException {
    Path memmap = files.small();

    assertEquals(
        runArm64(memmap).succeeds().out(),
        rts("pagetables", "--arch=aarch64", "--granule=4k", "--va-bits=48", "--memmap", memmap)
            .succeeds()
            .out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"4k", "16k", "64k"})
  void firmwareOfARealMachineHasTheSameAddressesWithEachGranule(String granule) throws IOException {
    assertEquals(
        List.of(
            "11 0x4000000 0x20000000 16384 0x8000000000000002",
            "11 0x9010000 0x24000000 1 0x8000000000000001",
            "5 0x4c440000 0x24010000 128 0x800000000000000f",
            "6 0x4c4c0000 0x24090000 448 0x800000000000000f",
            "5 0x4c680000 0x24250000 176 0x800000000000000f",
            "5 0x4fc00000 0x24300000 400 0x800000000000000f",
            "6 0x4fd90000 0x24490000 592 0x800000000000000f"),
        regions(runArm64(files.aavmf(), "--granule", granule, "--after", "--json")));
  }

  @ParameterizedTest
  @CsvSource({"4k, 4096, 0x9010fff", "16k, 16384, 0x9013fff", "64k, 65536, 0x901ffff"})
  void whatIsNoMultipleOfTheGranuleIsRoundedOutward(String granule, long pageSize, String last)
      throws IOException {
    List<String> mappings =
        mappings(runArm64(files.aavmf(), "--granule", granule, "--after", "--json"));

    String clock = "0x9010000 %s 0x9010000 %d rw- UC".formatted(last, pageSize);
    assertTrue(mappings.contains(clock), mappings::toString);
    String code = "0x4c680000 0x4c72ffff 0x4c680000 %d rwx WB".formatted(pageSize);
    assertTrue(mappings.contains(code), mappings::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4k", "16k", "64k"})
  void afterwardsBootServicesMemoryIsGone(String granule) throws IOException {
    Path memmap = files.aavmf();
    CommandRun before = runArm64(memmap, "--granule", granule, "--json");
    CommandRun after = runArm64(memmap, "--granule", granule, "--json", "--after");

    List<String> gone = new ArrayList<>(regions(before));
    gone.removeAll(regions(after));
    assertEquals(
        List.of("4 0x4c43c000 0x0 4 0xf", "3 0x4c730000 0x0 7 0xf", "4 0x4c737000 0x0 41 0xf"),
        gone);
    assertEquals(7, regions(after).size());
    assertTrue(mappings(before).stream().anyMatch(line -> line.contains(" 0x4c75ffff ")));
    assertFalse(mappings(after).stream().anyMatch(line -> line.contains(" 0x4c75ffff ")));
  }

  @Test
  void afterwardsAttributesTakePermissionsFromBothAliases() throws IOException {
    Path attributes =
        files.attributes(
            """
            EfiRuntimeServicesCode  0x4c440000  0  64 0x8000000000020000
            EfiRuntimeServicesCode  0x4c480000  0  64 0x8000000000004000
            EfiRuntimeServicesCode  0x4c680000  0 176 0x8000000000020000
            EfiRuntimeServicesCode  0x4fc00000  0 400 0x8000000000020000
            """);
    Path memmap = files.aavmf();

    List<String> mappings =
        mappings(
            runArm64(memmap, "--granule=64k", "--after", "--attributes", attributes, "--json"));
    for (String both :
        List.of(
            "0x24010000 0x2404ffff 0x4c440000 65536 r-x WB",
            "0x4c440000 0x4c47ffff 0x4c440000 65536 r-x WB",
            // What follows is data: the second half of the code and it are alike.
            "0x24050000 0x2424ffff 0x4c480000 65536 rw- WB",
            "0x4c480000 0x4c67ffff 0x4c480000 65536 rw- WB")) {
      assertTrue(mappings.contains(both), mappings::toString);
    }
    assertLastLines(
        runArm64(memmap, "--granule=64k", "--after", "--attributes", attributes),
        "W^X holds: no page is both writable and executable.\n");
  }

  @Test
  void anAddressSpaceCanBeSmaller() throws IOException {
    CommandRun run = runArm64(files.aavmf(), "--va-bits", "36", "--granule", "16k");

    assertEquals(
        "arm64, 16 KiB granule, 36 bits, before SetVirtualAddressMap",
        run.succeeds().lines().getFirst());
  }

  /** Entries hold no shareability then. */
  @Test
  void anAddressSpaceCanBeLarger() throws IOException {
    CommandRun run =
        runArm64(files.small(), "--va-bits=52", "--granule=16k", "--explain", "0x20012345");

    assertEquals(
        "arm64, 16 KiB granule, 52 bits, output 52 bits, before SetVirtualAddressMap",
        run.succeeds().lines().getFirst());
    assertTrue(
        run.lines()
            .contains(
                "L0[0] at 0x100000 = 0x0000000000104003: table 0x104000 VALID TABLE, so far rwx"),
        run.lines()::toString);
    assertTrue(run.lines().stream().noneMatch(line -> line.contains(" SH")), run.lines()::toString);
  }

  @Test
  void aMappedAddressIsExplainedAtEveryLevel() throws IOException {
    assertLastLines(
        runArm64(files.small(), "--va-bits=39", "--explain", "0x20012345"),
        """
        VA 0x0000000020012345, 4 KiB granule, 39 bits, root 0x100000
        L1[0] at 0x100000 = 0x0000000000101003: table 0x101000 VALID TABLE, so far rwx
        L2[256] at 0x101800 = 0x0000000000103003: table 0x103000 VALID TABLE, so far rwx
        L3[18] at 0x103090 = 0x0040000000402f0f: 4 KiB page 0x402000 VALID TABLE ATTR3 SH3 AF nG UXN, \
        so far rwx WRITE_BACK
        READ: PA 0x402345
        WRITE: PA 0x402345
        EXECUTE: PA 0x402345
        lies in EfiRuntimeServicesCode physicalStart=0x402000 virtualStart=0x20012000 \
        numberOfPages=1 attribute=UC|WC|WT|WB|RUNTIME, at its virtual address
        """);
  }

  @Test
  void bootServicesMemoryThatHasGoneIsExplained() throws IOException {
    List<String> lines =
        runArm64(files.small(), "--after", "--explain", "0x201234").succeeds().lines();

    assertTrue(
        lines.get(lines.size() - 2).endsWith(", which was given up after SetVirtualAddressMap"),
        lines::toString);
    assertTrue(lines.getLast().startsWith("missing descriptor: "), lines::toString);
  }
}
