// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VarsGetCommandTest {
  @TempDir private Path directory;
  private Path image;

  @BeforeEach
  void fill() throws IOException {
    image = TestImages.filled(directory);
  }

  @Test
  void aValueIsDumpedInHexAndAscii() {
    assertEquals(
        List.of(
            "attributes  NV|BS|RT",
            "size        20",
            "00000000  " + "00 ".repeat(16) + " |................|",
            "00000010  7e 7f 20 41" + " ".repeat(38) + "|~. A|"),
        rts("vars", "get", image, "Gamma", GUID).succeeds().lines());
  }

  @Test
  void jsonHasTheValueInHex() {
    String expected =
        """
        {"name": "Alpha", "guid": "%s", "attributes": 7, "size": 3, "data": "0102ff"}
        """
            .formatted(GUID);

    assertEquals(
        JsonParser.parseString(expected),
        rts("vars", "get", image, "Alpha", GUID.toUpperCase(Locale.ROOT), "--json")
            .succeeds()
            .json());
  }

  @Test
  void aVariableForBootOnlyIsNotFoundAtRuntime() {
    rts("vars", "get", image, "Beta", GUID).succeeds();
    rts("vars", "get", image, "Beta", GUID, "--phase", "runtime")
        .failsWith("GetVariable \"Beta\": EFI_NOT_FOUND");
  }

  @Test
  void namesDifferByLetterCaseAndNamespace() {
    rts("vars", "get", image, "alpha", GUID).failsWith("GetVariable \"alpha\": EFI_NOT_FOUND");
    rts("vars", "get", image, "Alpha", GUID.replace('6', '7'))
        .failsWith("GetVariable \"Alpha\": EFI_NOT_FOUND");
  }
}
