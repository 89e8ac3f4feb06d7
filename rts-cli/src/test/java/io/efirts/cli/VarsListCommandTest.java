// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VarsListCommandTest {
  @TempDir private Path directory;

  @Test
  void theTableIsAlignedAndInStoreOrder() throws IOException {
    assertEquals(
        List.of(
            "ATTRIBUTES  SIZE  GUID                                  NAME",
            "NV|BS|RT       3  " + GUID + "  Alpha",
            "NV|BS          1  " + GUID + "  Beta",
            "NV|BS|RT      20  " + GUID + "  Gamma"),
        rts("vars", "list", TestImages.filled(directory)).succeeds().lines());
  }

  @Test
  void jsonIsAnArrayInStoreOrder() throws IOException {
    String expected =
        """
        [{"name": "Alpha", "guid": "%1$s", "attributes": 7, "size": 3},
         {"name": "Beta", "guid": "%1$s", "attributes": 3, "size": 1},
         {"name": "Gamma", "guid": "%1$s", "attributes": 7, "size": 20}]
        """
            .formatted(GUID);

    assertEquals(
        JsonParser.parseString(expected),
        rts("vars", "list", TestImages.filled(directory), "--json").succeeds().json());
  }

  @ParameterizedTest
  @EnumSource
  void atRuntimeVariablesForBootOnlyAreNotSeen(Letters letters) throws IOException {
    Path image = TestImages.filled(directory);

    assertEquals(
        List.of("Alpha", "Gamma"),
        rts("vars", "list", "--phase", letters.runtime, "--json", image)
            .succeeds()
            .json()
            .getAsJsonArray()
            .asList()
            .stream()
            .map(variable -> variable.getAsJsonObject().get("name").getAsString())
            .toList());
  }

  /** Both ways to write the phase that are in use: as documented and as the Java constant. */
  enum Letters {
    SMALL("runtime"),
    CAPITAL("RUNTIME");

    private final String runtime;

    Letters(String runtime) {
      this.runtime = runtime;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyStoreIsAnEmptyListInEveryLayout(NvLayout layout) throws IOException {
    Path image = TestImages.empty(directory, layout);

    assertEquals(1, rts("vars", "list", image).succeeds().lines().size());
    assertEquals(
        JsonParser.parseString("[]"), rts("vars", "list", image, "--json").succeeds().json());
  }

  @Test
  void zerosInTheSizeOfAnArmVirtStoreAreAnEmptyStore() throws IOException {
    Path zeros = TestImages.constant(directory, 768 << 10, 0);

    assertEquals(
        JsonParser.parseString("[]"), rts("vars", "list", zeros, "--json").succeeds().json());
  }

  @Test
  void aStoreThatMayNotBeWrittenCanBeRead() throws IOException {
    Path image = TestImages.withUnknownWriteLog(directory);

    assertEquals(4, rts("vars", "list", image).succeeds().lines().size());
  }

  @Test
  void namesSurviveInJsonAndAreHarmlessOnATerminal() throws IOException {
    Path image = TestImages.empty(directory, NvLayout.OVMF_4M);
    String name = "a\u001b[31m \"\u00e9\u20ac\ud83d\ude00\u202e\n";
    rts("vars", "set", image, name, GUID, "7", "00").succeeds();

    assertEquals(
        name,
        rts("vars", "list", image, "--json")
            .succeeds()
            .json()
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject()
            .get("name")
            .getAsString());
    assertEquals(
        "NV|BS|RT       1  " + GUID + "  a\\u001b[31m \"\u00e9\u20ac\ud83d\ude00\\u202e\\u000a",
        rts("vars", "list", image).succeeds().lines().get(1));
  }
}
