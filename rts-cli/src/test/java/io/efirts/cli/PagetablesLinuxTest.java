// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code rts pagetables --json} gives each region the virtual address that Linux gave it (I-21).
 */
class PagetablesLinuxTest {
  @TempDir private Path directory;

  /** What Linux listed: pages and virtual address by physical address, read here independently. */
  private Map<String, List<String>> linux() throws IOException {
    TreeMap<Long, List<String>> regions = new TreeMap<>();
    for (String line : Files.readAllLines(LinuxMaps.runtimeMap(directory))) {
      String[] fields = line.split(" ");
      if (!line.startsWith("#")) {
        regions.put(Long.decode(fields[1]), List.of(fields[3], fields[2]));
      }
    }
    Map<String, List<String>> texts = new LinkedHashMap<>();
    regions.forEach((physical, rest) -> texts.put("0x" + Long.toHexString(physical), rest));
    assertEquals(103, texts.size());
    return texts;
  }

  private static Map<String, List<String>> printed(CommandRun run) {
    Map<String, List<String>> regions = new LinkedHashMap<>();
    for (JsonElement element : run.succeeds().json().getAsJsonObject().getAsJsonArray("regions")) {
      JsonObject region = element.getAsJsonObject();
      regions.put(
          region.get("physicalAddress").getAsString(),
          List.of(
              "0x" + Long.toHexString(region.get("pages").getAsLong()),
              region.get("virtualAddress").getAsString()));
    }
    return regions;
  }

  private static void assertSameInSameOrder(
      Map<String, List<String>> expected, Map<String, List<String>> actual) {
    assertEquals(List.copyOf(expected.entrySet()), List.copyOf(actual.entrySet()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "5"})
  void fromTheListOfWhatLinuxMapped(String levels) throws IOException {
    Map<String, List<String>> linux = linux();
    Path file = directory.resolve("linux-x86_64-q35-512.runtime-map.txt");

    assertSameInSameOrder(
        linux,
        printed(
            rts("pagetables", "--arch", "x86_64", "--levels", levels, "--memmap", file, "--json")));
  }

  @Test
  void fromTheBootLog() throws IOException {
    Path file = LinuxMaps.bootLog(directory);

    assertSameInSameOrder(
        linux(), printed(rts("pagetables", "--arch", "x86_64", "--memmap", file, "--json")));
  }

  @Test
  void forASuccessor() throws IOException {
    Map<String, List<String>> linux = linux();
    Path file = directory.resolve("linux-x86_64-q35-512.runtime-map.txt");

    assertSameInSameOrder(
        linux,
        printed(rts("pagetables", "--arch=x86_64", "--memmap", file, "--successor", "--json")));
  }
}
