// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VarsRemoveCommandTest {
  @TempDir private Path directory;
  private Path image;

  @BeforeEach
  void fill() throws IOException {
    image = TestImages.filled(directory);
  }

  private List<String> names() {
    return rts("vars", "list", image).succeeds().lines().stream()
        .skip(1)
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Alpha", "Beta", "Gamma"})
  void whateverItsAttributesAVariableIsGone(String name) {
    CommandRun run = rts("vars", "rm", image, name, GUID).succeeds();

    assertEquals("SetVariable \"" + name + "\": EFI_SUCCESS" + System.lineSeparator(), run.out());
    rts("vars", "get", image, name, GUID).failsWith("GetVariable \"" + name + "\": EFI_NOT_FOUND");
    assertEquals(2, names().size());
  }

  @Test
  void aVariableIsRemovedOnce() {
    rts("vars", "rm", image, "Alpha", GUID).succeeds();
    rts("vars", "rm", image, "Alpha", GUID).failsWith("SetVariable \"Alpha\": EFI_NOT_FOUND");

    assertEquals(List.of("Beta", "Gamma"), names());
  }

  @Test
  void aRemovedVariableCanBeSetAgainWithOtherAttributes() {
    rts("vars", "rm", image, "Beta", GUID).succeeds();
    rts("vars", "set", image, "Beta", GUID, "7", "02").succeeds();

    assertEquals(List.of("Alpha", "Gamma", "Beta"), names());
  }
}
