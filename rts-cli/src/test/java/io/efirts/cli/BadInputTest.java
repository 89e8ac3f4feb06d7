// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad input ends in one line that says what is wrong, and in exit code 2. */
class BadInputTest {
  @TempDir private Path directory;

  private static void assertRefused(Path file, String message) {
    for (List<Object> command :
        List.<List<Object>>of(
            List.of("vars", "list", file),
            List.of("vars", "get", file, "Name", GUID),
            List.of("vars", "info", file),
            List.of("vars", "set", file, "Name", GUID, "7", "00"),
            List.of("vars", "rm", file, "Name", GUID),
            List.of("pstore", "list", file),
            List.of("pstore", "show", file),
            List.of("pstore", "export", file, file.resolveSibling("export")),
            List.of("pstore", "rm", file, "--all"),
            List.of("demo", "--vars", file))) {
      rts(command.toArray()).failsNaming(message);
    }
  }

  @Test
  void filesThatCannotBeImages() throws IOException {
    assertRefused(directory.resolve("none.fd"), directory.resolve("none.fd") + ": no such file");
    assertRefused(directory, directory + ": is a directory");
    assertRefused(Path.of(""), "the file's name must not be empty");
    assertRefused(Path.of("/dev/null"), "/dev/null: is not a regular file");
    Path empty = Files.createFile(directory.resolve("empty.fd"));
    assertRefused(empty, empty + ": is empty");
    Path below = empty.resolve("below.fd");
    assertRefused(below, below + ": ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0x48, 100_000, 131_072, 540_671, 540_672, 786_432})
  void randomBytes(int size) throws IOException {
    Path file = TestImages.random(directory, size);

    assertRefused(file, file + ": ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 71, 72, 100, 131_072, 262_144, 540_671})
  void truncatedImages(int size) throws IOException {
    Path file = TestImages.truncated(directory, size);

    assertRefused(file, file + ": ");
  }

  @ParameterizedTest
  @CsvSource({"200000, 0", "200000, 255", "540673, 0", "540672, 17", "64, 255"})
  void constantBytesThatAreNoStore(int size, int value) throws IOException {
    Path file = TestImages.constant(directory, size, value);

    assertRefused(file, file + ": ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'' ; 6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10 ; name must not be empty",
        "N ; '' ; guid must have 36 characters: guid=, length=0",
        "N ; 6f1d3bd4 ; guid must have 36 characters: guid=6f1d3bd4, length=8",
        "N ; 6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a1g ; guid must have a hex digit at index 35",
        "N ; 6f1d3bd4x6a53-4d2c-9d62-6d0a3c8b7a10 ; guid must have a hyphen at index 8"
      })
  void badNamesAndGuids(String name, String guid, String message) throws IOException {
    Path image = TestImages.filled(directory);

    rts("vars", "get", image, name, guid).failsNaming(message);
    rts("vars", "rm", image, name, guid).failsNaming(message);
    rts("vars", "set", image, name, guid, "7", "00").failsNaming(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'' ; 00 ; (ATTRIBUTES): attributes must be NV,",
        "NX ; 00 ; part=NX",
        "'NV,,BS' ; 00 ; attributes=NV,,BS",
        "0x100000000 ; 00 ; part=0x100000000",
        "-1 ; 00 ; '-1'",
        "7 ; '' ; hex must not be empty, rm deletes a variable",
        "7 ; 012 ; hex must have an even number of digits: digits=3",
        "7 ; 0x01 ; hex must have only the digits 0 to 9 and a to f: index=1, found='x'",
        "7 ; 0 1 ; index=1, found=' '",
        "7 ; 01\u0661 ; index=2"
      })
  void badAttributesAndHex(String attributes, String hex, String message) throws IOException {
    Path image = TestImages.filled(directory);

    rts("vars", "set", image, "Name", GUID, attributes, hex).failsNaming(message);
  }

  @Test
  void usageErrorsTellWhereToLookFurther() throws IOException {
    Path image = TestImages.filled(directory);

    rts().failsWith("Missing required subcommand; try 'rts --help'");
    rts("nope").failsWith("Unmatched argument at index 0: 'nope'; try 'rts --help'");
    rts("vars").failsWith("Missing required subcommand; try 'rts vars --help'");
    rts("vars", "nope").failsWith("Unmatched argument at index 1: 'nope'; try 'rts vars --help'");
    rts("vars", "list").failsWith("Missing required parameter: 'FILE'; try 'rts vars list --help'");
    rts("vars", "list", image, "more")
        .failsWith("Unmatched argument at index 3: 'more'; try 'rts vars list --help'");
    rts("vars", "list", image, "--frob")
        .failsWith("Unknown option: '--frob'; try 'rts vars list --help'");
    rts("vars", "list", image, "--phase", "later").failsNaming("but was 'later'");
    rts("pstore").failsWith("Missing required subcommand; try 'rts pstore --help'");
    rts("pstore", "list", image, "--phase", "boot").failsNaming("try 'rts pstore list --help'");
    rts("demo", "--vars").failsNaming("try 'rts demo --help'");
  }

  @Test
  void anArgumentCannotMakeTwoLinesOrSteerATerminal() {
    rts("\u001b[31mred\nrts: fine")
        .failsWith(
            "Unmatched argument at index 0: '\\u001b[31mred\\u000arts: fine'; try 'rts --help'");
  }
}
