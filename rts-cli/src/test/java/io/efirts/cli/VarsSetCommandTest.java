// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarsSetCommandTest {
  @TempDir private Path directory;
  private Path image;

  @BeforeEach
  void create() throws IOException {
    image = TestImages.empty(directory, NvLayout.OVMF_4M);
  }

  private JsonObject read(String name) {
    return rts("vars", "get", image, name, GUID, "--json").succeeds().json().getAsJsonObject();
  }

  @ParameterizedTest
  @CsvSource({"'NV,BS,RT', 7", "nv|bs, 3", "7, 7", "0x3, 3"})
  void whatIsSetIsSeenByTheNextOpening(String attributes, int word) {
    CommandRun run = rts("vars", "set", image, "Name", GUID, attributes, "00fF10").succeeds();

    assertEquals("SetVariable \"Name\": EFI_SUCCESS" + System.lineSeparator(), run.out());
    assertEquals("00ff10", read("Name").get("data").getAsString());
    assertEquals(word, read("Name").get("attributes").getAsInt());
  }

  @Test
  void aValueIsReplaced() {
    rts("vars", "set", image, "Name", GUID, "7", "01").succeeds();
    rts("vars", "set", image, "Name", GUID, "7", "0203").succeeds();

    assertEquals("0203", read("Name").get("data").getAsString());
    assertEquals(2, rts("vars", "list", image).succeeds().lines().size());
  }

  @Test
  void aValueIsAppendedTo() {
    rts("vars", "set", image, "Name", GUID, "NV,BS,RT", "01").succeeds();
    rts("vars", "set", image, "Name", GUID, "NV,BS,RT,AP", "0203").succeeds();

    assertEquals("010203", read("Name").get("data").getAsString());
    assertEquals(7, read("Name").get("attributes").getAsInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"@name", "Gr\u00f6\u00dfe", "with space", "\"quoted\"", "${x}", "a,b"})
  void everyNameIsTakenAsItIs(String name) {
    rts("vars", "set", image, name, GUID, "7", "01").succeeds();

    assertEquals(name, read(name).get("name").getAsString());
  }

  @Test
  void aNameThatLooksLikeAnOptionIsGivenBehindTwoHyphens() {
    rts("vars", "set", "--", image, "--json", GUID, "7", "01").succeeds();

    rts("vars", "get", "--", image, "--json", GUID).succeeds();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NV", "NV,RT", "NV,BS,HR", "NV,BS,EA", "NV,0x100"})
  void attributesThatFirmwareRefusesChangeNothing(String attributes) throws IOException {
    byte[] before = Files.readAllBytes(image);

    rts("vars", "set", image, "Name", GUID, attributes, "01")
        .failsWith("SetVariable \"Name\": EFI_INVALID_PARAMETER");
    assertArrayEquals(before, Files.readAllBytes(image));
  }

  @Test
  void otherAttributesThanTheVariableHasAreRefused() {
    rts("vars", "set", image, "Name", GUID, "7", "01").succeeds();

    rts("vars", "set", image, "Name", GUID, "3", "02")
        .failsWith("SetVariable \"Name\": EFI_INVALID_PARAMETER");
    assertEquals("01", read("Name").get("data").getAsString());
  }

  @ParameterizedTest
  @CsvSource({"'BS,RT', BS|RT", "0, 0"})
  void aVolatileVariableWouldNotBeKept(String attributes, String described) {
    rts("vars", "set", image, "Name", GUID, attributes, "01")
        .failsWith(
            "attributes must have NV, only non-volatile variables are kept in a file: attributes="
                + described);
  }

  @Test
  void theLargestVariableIsTakenAndOneByteMoreIsNot() {
    int largest = 33732 - 2 * ("Name".length() + 1);

    rts("vars", "set", image, "Name", GUID, "7", "ab".repeat(largest + 1))
        .failsWith("SetVariable \"Name\": EFI_INVALID_PARAMETER");
    rts("vars", "set", image, "Name", GUID, "7", "ab".repeat(largest)).succeeds();
    assertEquals(largest, read("Name").get("size").getAsInt());
  }

  @Test
  void whatNoVariableCanHoldIsRefusedByItsSize() {
    rts("vars", "set", image, "n".repeat(20_000), GUID, "7", "01")
        .failsWith("name and value must fit a variable of this store: bytes=40003, limit=33792");
    rts("vars", "get", image, "n".repeat(20_000), GUID)
        .failsWith("name and value must fit a variable of this store: bytes=40002, limit=33792");
    rts("vars", "rm", image, "n".repeat(20_000), GUID)
        .failsWith("name and value must fit a variable of this store: bytes=40002, limit=33792");
  }

  @Test
  void longNamesAreShortenedInMessages() {
    rts("vars", "set", image, "n".repeat(16_866), GUID, "7", "01")
        .failsWith("SetVariable \"" + "n".repeat(80) + "\"...: EFI_INVALID_PARAMETER");
  }

  @Test
  void anImageWithAnUnknownWriteLogIsNotTouched() throws IOException {
    Path unknown = TestImages.withUnknownWriteLog(Files.createDirectory(directory.resolve("u")));
    byte[] before = Files.readAllBytes(unknown);

    rts("vars", "set", unknown, "Name", GUID, "7", "01").failsNaming(unknown + ": fault-tolerant");
    rts("vars", "rm", unknown, "Alpha", GUID).failsNaming(unknown + ": fault-tolerant");
    assertArrayEquals(before, Files.readAllBytes(unknown));
  }

  @Test
  void anImageInUseIsNotOpenedTwice() throws IOException {
    NvImage open = NvImage.open(image);
    try (open) {
      rts("vars", "set", image, "Name", GUID, "7", "01").failsNaming(image.toString());
    }
    rts("vars", "set", image, "Name", GUID, "7", "01").succeeds();
  }

  @Test
  void anImageOfZerosBecomesAStore() throws IOException {
    image = TestImages.constant(directory, 768 << 10, 0);

    rts("vars", "set", image, "Name", GUID, "7", "01").succeeds();

    assertEquals("01", read("Name").get("data").getAsString());
  }
}
