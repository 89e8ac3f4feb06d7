// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.pstore.read.CrashDump;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** I-17, I-19: what Linux read of real crashes is what we read of them. */
class PstoreOracleTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({RecordedPanic.COMPRESSED + ", 15", RecordedPanic.PLAIN + ", 11"})
  void exportGivesTheFilesLinuxShowed(String name, int records) throws IOException {
    Path image = RecordedPanic.image(directory, name);
    Path target = directory.resolve("export");
    byte[] before = Files.readAllBytes(image);

    rts("pstore", "export", image, target).succeeds();

    Map<String, byte[]> expected = new TreeMap<>();
    RecordedPanic.pstore(name).forEach((id, text) -> expected.put("dmesg-efi_pstore-" + id, text));
    Map<String, byte[]> exported = new TreeMap<>();
    try (Stream<Path> files = Files.list(target)) {
      for (Path file : files.toList()) {
        exported.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    assertEquals(records, expected.size());
    assertEquals(expected.keySet(), exported.keySet());
    expected.forEach((file, text) -> assertArrayEquals(text, exported.get(file), file));
    assertArrayEquals(before, Files.readAllBytes(image), "reading must not change the file");
  }

  @ParameterizedTest
  @ValueSource(strings = {RecordedPanic.COMPRESSED, RecordedPanic.PLAIN})
  void theRebuiltLogIsTheFilesWithoutTheirHeaders(String name) throws IOException {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (byte[] text : List.copyOf(RecordedPanic.pstore(name).values()).reversed()) {
      String line = new String(text, StandardCharsets.ISO_8859_1).lines().findFirst().orElseThrow();
      expected.write(text, line.length() + 1, text.length - line.length() - 1);
    }
    StringWriter err = new StringWriter();
    List<CrashDump> dumps;
    try (OpenStore store =
        OpenStore.forReading(RecordedPanic.image(directory, name), FirmwarePhase.RUNTIME)) {
      dumps = store.crashRecords(new PrintWriter(err)).dumps();
    }

    assertEquals("", err.toString());
    assertEquals(1, dumps.size());
    assertArrayEquals(expected.toByteArray(), dumps.getFirst().log());
  }

  @ParameterizedTest
  @CsvSource({RecordedPanic.COMPRESSED + ", true", RecordedPanic.PLAIN + ", false"})
  void listTellsOfEachRecord(String name, boolean compressed) throws IOException {
    Path image = RecordedPanic.image(directory, name);
    Map<Long, byte[]> expected = RecordedPanic.pstore(name);
    Map<Long, JsonObject> listed = new TreeMap<>();
    for (JsonElement element :
        rts("pstore", "list", image, "--json").succeeds().json().getAsJsonArray()) {
      listed.put(element.getAsJsonObject().get("id").getAsLong(), element.getAsJsonObject());
    }

    assertEquals(expected.keySet(), listed.keySet());
    int part = 1;
    for (Map.Entry<Long, JsonObject> entry : listed.entrySet()) {
      JsonObject record = entry.getValue();
      assertEquals(0, record.get("type").getAsInt());
      assertEquals(part++, record.get("part").getAsInt());
      assertEquals(1, record.get("count").getAsInt());
      assertEquals(entry.getKey() / 100_000, record.get("timestamp").getAsLong());
      assertEquals(compressed, record.get("compressed").getAsBoolean());
      int text = expected.get(entry.getKey()).length;
      int size = record.get("size").getAsInt();
      assertEquals(compressed, size < text, "size=" + size + ", text=" + text);
    }
    assertEquals(expected.size() + 1, rts("pstore", "list", image).succeeds().lines().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {RecordedPanic.COMPRESSED, RecordedPanic.PLAIN})
  void whatIsErasedIsGoneAndNothingElse(String name) throws IOException {
    Path image = RecordedPanic.image(directory, name);
    List<String> others =
        rts("vars", "list", image).succeeds().lines().stream()
            .filter(line -> !line.contains("dump-type"))
            .toList();

    rts("pstore", "rm", image, "--all").succeeds();

    assertEquals(others, rts("vars", "list", image).succeeds().lines());
    rts("pstore", "rm", image, "--all").succeeds();
    assertEquals("[]", rts("pstore", "list", image, "--json").succeeds().out().strip());
  }

  @Test
  void anImageTornInsideSetVariableIsReadToItsEnd() throws IOException {
    Path image = RecordedPanic.image(directory, RecordedPanic.TORN);

    assertEquals("[]", rts("pstore", "list", image, "--json").succeeds().out().strip());
    rts("pstore", "show", image).succeeds();
    rts("pstore", "export", image, directory.resolve("export")).succeeds();
  }

  @Test
  void recordsInATornImageAreFound() throws IOException {
    Path image = RecordedPanic.image(directory, RecordedPanic.TORN);
    new CrashImage(image).with("dump-type0-1-1-1000-D", "Oops#1 Part1\n<0>torn\n");

    assertEquals("<0>torn", rts("pstore", "show", image, "--dump", "1").succeeds().out().strip());
  }
}
