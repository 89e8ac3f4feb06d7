// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command against the NVRAM images of Debian's package ovmf, checked by a reader of raw bytes
 * that shares no code with it.
 */
@Tag("real-firmware")
class DebianImagesTest {
  private static final Path OVMF = Path.of("/usr/share/OVMF");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"OVMF_VARS_4M.ms.fd", "OVMF_VARS_4M.snakeoil.fd", "OVMF_VARS.ms.fd"})
  void listShowsEveryLiveVariableAndNoDeadOne(String image) throws Exception {
    Path file = OVMF.resolve(image);
    byte[] before = Files.readAllBytes(file);
    List<String> expected =
        RawImage.read(file).stream()
            .filter(RawImage.Variable::live)
            .map(RawImage.Variable::line)
            .toList();
    assertFalse(expected.isEmpty(), "the image must hold variables");
    List<String> listed = new ArrayList<>();
    for (JsonObject variable :
        new Gson()
            .fromJson(rts("vars", "list", file, "--json").succeeds().out(), JsonObject[].class)) {
      listed.add(
          variable.get("name").getAsString()
              + " "
              + variable.get("guid").getAsString()
              + " "
              + variable.get("attributes").getAsInt()
              + " "
              + variable.get("size").getAsInt());
    }
    assertEquals(expected, listed);
    assertArrayEquals(before, Files.readAllBytes(file), "reading must not change the file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"boot", "runtime"})
  void infoCountsDeadRecordsAtRuntimeOnly(String phase) throws Exception {
    Path file = OVMF.resolve("OVMF_VARS_4M.ms.fd");
    long used =
        RawImage.read(file).stream()
            .filter(variable -> phase.equals("runtime") || variable.live())
            .mapToLong(RawImage.Variable::alignedBytes)
            .sum();
    JsonObject info =
        rts("vars", "info", file, "--phase", phase, "--json").succeeds().json().getAsJsonObject();
    assertEquals(262044, info.get("maximumVariableStorageSize").getAsLong());
    assertEquals(262044 - used, info.get("remainingVariableStorageSize").getAsLong());
    assertEquals(33732, info.get("maximumVariableSize").getAsLong());
  }

  @Test
  void variableThatWasSetIsOneRecordMoreAndNothingElse() throws Exception {
    Path file = Files.copy(OVMF.resolve("OVMF_VARS_4M.fd"), directory.resolve("vars.fd"));
    byte[] before = Files.readAllBytes(file);

    rts("vars", "set", file, "Token", CommandRun.GUID, "NV,BS,RT", "0123456789abcdef01").succeeds();

    byte[] after = Files.readAllBytes(file);
    List<RawImage.Variable> variables = RawImage.read(file);
    RawImage.Variable token = variables.getLast();
    assertEquals("Token", token.name());
    assertEquals(CommandRun.GUID, token.guid());
    assertEquals(0x3F, token.state());
    assertEquals(7, token.attributes());
    assertEquals(0, token.offset() % 4);
    assertEquals("0123456789abcdef01", HexFormat.of().formatHex(token.data()));
    int end = token.offset() + 60 + 2 * "Token".length() + 2 + token.data().length;
    Arrays.fill(after, token.offset(), end, (byte) 0xFF);
    assertArrayEquals(before, after, "nothing but the record's own bytes may change");
    assertEquals(1, variables.size() - RawImage.read(OVMF.resolve("OVMF_VARS_4M.fd")).size());
  }
}
