// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form is found out, and what is wrong is named with its line. */
class MemoryMapFileTest {
  private static final String LOG_LINE =
      "efi: mem%02d: [Boot Data   |   |WB] range=[0x%x-0x%x] (0MB)";

  @TempDir private Path directory;

  private Path file(String... lines) throws IOException {
    return Files.writeString(directory.resolve("map.txt"), String.join("\n", lines) + "\n");
  }

  private static String logLine(int index, int page) {
    return LOG_LINE.formatted(index, page * 4096, page * 4096 + 4095);
  }

  private static List<Long> starts(MemoryMapFile file) {
    return file.map().regions().stream().map(EfiMemoryDescriptor::physicalStart).toList();
  }

  private void assertRefused(String message, String... lines) throws IOException {
    Path file = file(lines);
    assertEquals(
        file + message,
        assertThrows(CliException.class, () -> MemoryMapFile.read(file)).getMessage());
  }

  @Test
  void descriptorsInAnyOrderWithComments() throws IOException {
    MemoryMapFile file =
        MemoryMapFile.read(
            file(
                "# type physicalAddress virtualAddress pages attribute",
                "",
                "  EfiRuntimeServicesCode 0x2000 0 1 0x800000000000000f # the code",
                "7\t4096 0x0 1 15\r"));

    assertEquals(MemoryMapForm.DESCRIPTORS, file.form());
    assertEquals(
        List.of(
            new EfiMemoryDescriptor(MemoryType.CONVENTIONAL_MEMORY, 0x1000, 0, 1, 15),
            new EfiMemoryDescriptor(
                MemoryType.RUNTIME_SERVICES_CODE, 0x2000, 0, 1, 0x8000_0000_0000_000FL)),
        file.map().regions());
  }

  @Test
  void regionsThatAllHaveAVirtualAddressAreMapped() throws IOException {
    String mapped = "6 0x1000 0xfffffffefffff000 1 0x8000000000000000";

    assertEquals(MemoryMapForm.RUNTIME_MAP, MemoryMapFile.read(file(mapped)).form());
    assertEquals(
        MemoryMapForm.DESCRIPTORS, MemoryMapFile.read(file(mapped, "7 0x2000 0 1 15")).form());
  }

  @Test
  void aLastLineNeedsNoEnd() throws IOException {
    Path file = Files.writeString(directory.resolve("map.txt"), "7 0 0 1 15");

    assertEquals(List.of(0L), starts(MemoryMapFile.read(file)));
  }

  @Test
  void aWholeBootLogMayStandAround() throws IOException {
    MemoryMapFile file =
        MemoryMapFile.read(
            file(
                "[    0.000000] Linux version 6.1.0",
                "efi: EFI v2.70",
                "[    0.000000] " + logLine(0, 5),
                logLine(1, 2),
                "[    0.000000] secureboot: Secure boot disabled"));

    assertEquals(MemoryMapForm.BOOT_LOG, file.form());
    assertEquals(List.of(0x2000L, 0x5000L), starts(file));
  }

  /** Later the kernel prints the regions it has mapped, which are part of the first map. */
  @Test
  void ofSeveralMapsInALogTheFirstCounts() throws IOException {
    MemoryMapFile file =
        MemoryMapFile.read(file(logLine(0, 1), logLine(1, 2), logLine(0, 2), logLine(1, 9)));

    assertEquals(List.of(0x1000L, 0x2000L), starts(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "7 0x800 0 1 0; physicalStart must be a multiple of 4096: physicalStart=0x800",
        "7 0x1000 0 0 0; region must have a page: physicalStart=0x1000, numberOfPages=0",
        "7 0x1000 0 0xffffffffffffffff 0;"
            + " region must end within 52 bits: physicalStart=0x1000,"
            + " numberOfPages=18446744073709551615",
        "7 0x7000 0 2 0; regions must not overlap: physicalStart=0x7000, numberOfPages=2,"
            + " other=0x8000, otherPages=1",
        "efi: mem00: [MMIO|UC] range=[0x0-0xfff] (0MB);"
            + " type must be a number or a name of UEFI's: type=\"efi:\"",
        "[    0.000000] Linux version 6.1.0; type must be a number of 64 bits, decimal or with 0x:"
            + " type=\"[\"",
        "garbage; a region must be type, physicalAddress, virtualAddress, pages, attribute:"
            + " \"garbage\""
      })
  void aBadLineAmongDescriptorsIsNamed(String line, String message) throws IOException {
    assertRefused(":3: " + message, "# comment", "7 0x8000 0 1 0", line, "7 0x9000 0 1 0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "7 0x8000 0 1 0; a line of a boot log must begin with its time or efi: \"7 0x8000 0 1 0\"",
        "garbage; a line of a boot log must begin with its time or efi: \"garbage\"",
        "efi: mem01: [Boot Data|WB] range=[0x5000-0x6fff] (0MB);"
            + " regions must not overlap: physicalStart=0x5000, numberOfPages=2, other=0x5000,"
            + " otherPages=1",
        "efi: mem01: [Boot|WB] range=[0x6000-0x6fff] (0MB);"
            + " type must be one that Linux prints: type=\"Boot\""
      })
  void aBadLineInABootLogIsNamed(String line, String message) throws IOException {
    assertRefused(":2: " + message, logLine(0, 5), line, logLine(2, 9));
  }

  @Test
  void aFileWithoutARegionIsRefused() throws IOException {
    assertRefused(": has no memory region", "# nothing", "", "[    0.000000] Linux version 6.1.0");
  }

  @Test
  void filesThatCannotBeReadAreRefused() {
    Path none = directory.resolve("none.txt");

    assertEquals(
        none + ": no such file",
        assertThrows(CliException.class, () -> MemoryMapFile.read(none)).getMessage());
    assertEquals(
        directory + ": is a directory",
        assertThrows(CliException.class, () -> MemoryMapFile.read(directory)).getMessage());
  }

  @Test
  void whatIsShownOfALongLineIsShort() throws IOException {
    assertRefused(
        ":1: a region must be type, physicalAddress, virtualAddress, pages, attribute: \""
            + "x".repeat(80)
            + "\"...",
        "x".repeat(4096));
  }

  @Test
  void aLineThatIsTooLongIsNotReadToItsEnd() throws IOException {
    assertRefused(":2: a line must have at most 4096 characters", "", "#".repeat(4097));
  }

  @Test
  void aFileOfTooManyLinesIsRefused() throws IOException {
    assertRefused(":1000001: a file must have at most 1000000 lines", "\n".repeat(1_000_000));
  }

  @Test
  void aMapOfTooManyRegionsIsRefused() throws IOException {
    assertRefused(
        ":100001: a map must have at most 100000 regions",
        IntStream.rangeClosed(0, 100_000)
            .mapToObj(page -> "7 " + page * 4096L + " 0 1 15")
            .collect(Collectors.joining("\n")));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomBytesAreRefusedWithTheirLine(long seed) throws IOException {
    byte[] bytes = new byte[10_000];
    new Random(seed).nextBytes(bytes);
    Path file = Files.write(directory.resolve("random.txt"), bytes);

    String message = assertThrows(CliException.class, () -> MemoryMapFile.read(file)).getMessage();

    assertTrue(message.matches(Pattern.quote(file.toString()) + ":[0-9]+: \\P{Cntrl}+"), message);
  }
}
