// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarsInfoCommandTest {
  /** What a record of the name "Short" with one byte of data takes: header, name, data, padding. */
  private static final int SHORT_RECORD_BYTES = 60 + 12 + 1 + 3;

  @TempDir private Path directory;

  private static JsonElement expected(long maximum, long remaining, long largest) {
    return JsonParser.parseString(
        """
        {"maximumVariableStorageSize": %d,
         "remainingVariableStorageSize": %d,
         "maximumVariableSize": %d}
        """
            .formatted(maximum, remaining, largest));
  }

  @ParameterizedTest
  @CsvSource({"OVMF_2M, 57244, 8132", "OVMF_4M, 262044, 33732"})
  void anEmptyStoreHasTheRoomThatEdk2Tells(NvLayout layout, long maximum, long largest)
      throws IOException {
    Path image = TestImages.empty(directory, layout);

    for (String phase : List.of("boot", "runtime")) {
      assertEquals(
          expected(maximum, maximum, largest),
          rts("vars", "info", image, "--json", "--phase", phase).succeeds().json());
    }
  }

  @Test
  void deletedVariablesTakeRoomAtRuntimeOnly() throws IOException {
    Path image = TestImages.empty(directory, NvLayout.OVMF_4M);
    rts("vars", "set", image, "Short", GUID, "7", "01").succeeds();
    rts("vars", "rm", image, "Short", GUID).succeeds();

    assertEquals(
        expected(262044, 262044, 33732),
        rts("vars", "info", image, "--json", "--phase=boot").succeeds().json());
    assertEquals(
        expected(262044, 262044 - SHORT_RECORD_BYTES, 33732),
        rts("vars", "info", image, "--json", "--phase=runtime").succeeds().json());
  }

  @Test
  void forPeopleThereAreThreeAlignedLines() throws IOException {
    assertEquals(
        List.of(
            "maximum variable storage      262044",
            "remaining variable storage    262044",
            "maximum variable size          33732"),
        rts("vars", "info", TestImages.empty(directory, NvLayout.OVMF_4M)).succeeds().lines());
  }
}
