// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.PagetablesFiles.runArm64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel on arm64 takes the addresses of one before it, whatever the granule of either. */
class PagetablesSuccessorTest {
  @TempDir private Path directory;
  private PagetablesFiles files;

  @BeforeEach
  void useDirectory() {
    files = new PagetablesFiles(directory);
  }

  private static JsonArray regions(CommandRun run) {
    return run.succeeds().json().getAsJsonObject().getAsJsonArray("regions");
  }

  /** A memory map file of what was printed. */
  private Path inherited(JsonArray regions) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (JsonElement element : regions) {
      JsonObject region = element.getAsJsonObject();
      for (String member :
          new String[] {"type", "physicalAddress", "virtualAddress", "pages", "attribute"}) {
        lines.append(region.get(member).getAsString()).append(' ');
      }
      lines.append('\n');
    }
    return files.memmap(lines.toString());
  }

  @ParameterizedTest
  @CsvSource({"4k, 16k", "4k, 64k", "16k, 4k", "16k, 64k", "64k, 4k", "64k, 16k"})
  void theAddressesPrintedAreThoseOfASuccessor(String granule, String successors)
      throws IOException {
    JsonArray regions = regions(runArm64(files.aavmf(), "--granule", granule, "--after", "--json"));

    assertEquals(7, regions.size());
    assertEquals(
        regions,
        regions(runArm64(inherited(regions), "--granule", successors, "--successor", "--json")));
  }

  /** Where no plan from the bottom up would put them. */
  @ParameterizedTest
  @ValueSource(strings = {"4k", "16k", "64k"})
  void aSuccessorMapsWhereItsPredecessorDid(String granule) throws IOException {
    Path memmap =
        files.memmap(
            """
            5 0x400000 0x30400000 1 0x800000000000000f
            6 0x503000 0x30f03000 4 0x800000000000000f
            """);

    JsonArray given = regions(runArm64(memmap, "--granule", granule, "--successor", "--json"));
    assertEquals("0x30400000", virtualAddress(given.get(0)));
    assertEquals("0x30f03000", virtualAddress(given.get(1)));
    JsonArray planned = regions(runArm64(memmap, "--granule", granule, "--json"));
    assertEquals("0x20000000", virtualAddress(planned.get(0)));
    assertEquals("0x20013000", virtualAddress(planned.get(1)));
  }

  private static String virtualAddress(JsonElement region) {
    return region.getAsJsonObject().get("virtualAddress").getAsString();
  }

  @Test
  void bootServicesMemoryIsInheritedAtItsPhysicalAddress() throws IOException {
    JsonArray regions = regions(runArm64(files.aavmf(), "--json"));

    assertEquals(10, regions.size());
    assertEquals(
        regions, regions(runArm64(inherited(regions), "--granule=64k", "--successor", "--json")));
  }

  @Test
  void aRegionThatHasNoVirtualAddressIsNamed() throws IOException {
    Path memmap = files.memmap("6 0x100000 0 1 0x800000000000000f\n");
    CommandRun run = runArm64(memmap, "--successor");

    assertEquals(0, run.exitCode());
    assertEquals(
        "rts: "
            + memmap
            + ": mapped at its physical address only, because the map gives it no virtual one:"
            + " physicalAddress=0x100000, pages=1\n",
        run.err());
    assertTrue(
        run.lines()
            .contains("EfiRuntimeServicesData  0x100000        -      1" + "  UC|WC|WT|WB|RUNTIME"),
        run.out());
  }
}
