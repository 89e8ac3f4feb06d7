// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code rts pagetables} refuses, and what it leaves out and names. */
class PagetablesBadInputTest {
  @TempDir private Path directory;
  private PagetablesFiles files;

  @BeforeEach
  void useDirectory() {
    files = new PagetablesFiles(directory);
  }

  private static List<String> errors(CommandRun run) {
    assertEquals(0, run.exitCode(), run.err());
    return run.err().lines().toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "6 0x1000 0 1;"
            + " a region must be type, physicalAddress, virtualAddress, pages, attribute:"
            + " \"6 0x1000 0 1\"",
        "6 0x1001 0 1 0; physicalStart must be a multiple of 4096: physicalStart=0x1001",
        "6 0x1000 0 0 0; region must have a page: physicalStart=0x1000, numberOfPages=0",
        "6 0xfffffffffffff000 0 2 0;"
            + " region must end within 52 bits: physicalStart=0xfffffffffffff000, numberOfPages=2",
        "6 0x7000 0 2 0; regions must not overlap: physicalStart=0x7000, numberOfPages=2,"
            + " other=0x8000, otherPages=1"
      })
  void aBadLineOfTheMapIsNamed(String line, String message) throws IOException {
    Path memmap = files.memmap("# comment\n7 0x8000 0 1 0\n" + line + "\n");

    PagetablesFiles.run(memmap).failsWith(memmap + ":3: " + message);
  }

  @Test
  void filesThatCannotBeRead() throws IOException {
    Path none = directory.resolve("none.txt");

    PagetablesFiles.run(none).failsWith(none + ": no such file");
    PagetablesFiles.run(directory).failsWith(directory + ": is a directory");
    PagetablesFiles.run(Path.of("/dev/zero")).failsWith("/dev/zero: is not a regular file");
    files.runSmall("--attributes", none).failsWith(none + ": no such file");
  }

  @Test
  void aRegionThatTheLevelsCannotReach() throws IOException {
    Path memmap = files.memmap("6 0x800000000000 0 1 0x800000000000000f\n");

    PagetablesFiles.run(memmap)
        .failsNaming(memmap + ": range must be a positive multiple of 4096 of canonical addresses");
    PagetablesFiles.run(memmap, "--levels", "5").succeeds();
  }

  @Test
  void aRegionForWhichTheWindowHasNoRoom() throws IOException {
    Path memmap =
        files.memmap(
            """
            6 0x100000 0 1 0x800000000000000f
            6 0x40000000 0 0x1000001 0x800000000000000f
            """);

    assertEquals(
        List.of(
            "rts: %s: mapped at its physical address only, because the window has no room:"
                    .formatted(memmap)
                + " physicalAddress=0x100000, pages=1",
            "rts: %s: mapped at its physical address only, because the window has no room:"
                    .formatted(memmap)
                + " physicalAddress=0x40000000, pages=16777217"),
        errors(PagetablesFiles.run(memmap)));
  }

  @Test
  void virtualAddressesThatNoSuccessorCanUse() throws IOException {
    Path memmap = files.memmap("6 0x100000 0x7000100000 1 0x800000000000000f\n");

    PagetablesFiles.run(memmap, "--successor")
        .failsWith(
            memmap
                + ": region must lie in the window: virtualAddress=0x7000100000,"
                + " physicalAddress=0x100000, pages=1,"
                + " window=0xffffffef00000000-0xffffffff00000000");
  }

  @Test
  void aSuccessorIsNotGivenAddressesByABootLog() throws IOException {
    Path memmap = LinuxMaps.bootLog(directory);

    PagetablesFiles.run(memmap, "--successor")
        .failsWith(memmap + ": a boot log has no virtual addresses, which --successor needs");
  }

  @Test
  void aRegionThatHasNoVirtualAddressForASuccessor() throws IOException {
    Path memmap = files.memmap("6 0x100000 0 1 0x800000000000000f\n");

    assertEquals(
        List.of(
            "rts: %s: mapped at its physical address only, because the map gives it no virtual one:"
                    .formatted(memmap)
                + " physicalAddress=0x100000, pages=1"),
        errors(PagetablesFiles.run(memmap, "--successor")));
  }

  @Test
  void attributesThatAreNotUsedAreNamedWithTheirLines() throws IOException {
    Path attributes =
        files.attributes(
            """
            # a comment
            EfiRuntimeServicesCode 0x400000 0 4 0x8000000000020000

            EfiRuntimeServicesCode 0x400000 0 3 0x8000000000020000
            EfiRuntimeServicesCode 0x401000 0 1 0x8000000000004000
            EfiBootServicesCode    0x200000 0 1 0x8000000000020000
            EfiRuntimeServicesData 0x500000 0 1 0x4000
            """);
    CommandRun run = files.runSmall("--after", "--attributes", attributes);

    // Line 2 reaches behind the memory of runtime code, line 4 over two regions that lie in it.
    assertEquals(
        List.of(
            "rts: %s:2: not used: entry must lie in one runtime region:".formatted(attributes)
                + " physicalStart=0x400000, numberOfPages=4",
            "rts: %s:4: not used: entry must lie in one runtime region:".formatted(attributes)
                + " physicalStart=0x400000, numberOfPages=3",
            "rts: %s:6: not used: type must be runtime services code or data:".formatted(attributes)
                + " type=EfiBootServicesCode",
            "rts: %s:7: not used: attribute must have RUNTIME: attribute=XP".formatted(attributes)),
        errors(run));
  }

  @Test
  void aLineOfTheAttributesThatIsNoDescriptor() throws IOException {
    Path attributes = files.attributes("# comment\n5 0x400000 0 1 nothing\n");

    files
        .runSmall("--attributes", attributes)
        .failsWith(
            attributes
                + ":2: attribute must be a number of 64 bits, decimal or with 0x:"
                + " attribute=\"nothing\"");
  }

  @Test
  void tooManyAttributes() throws IOException {
    Path attributes = files.attributes("5 0x400000 0 1 0\n".repeat(100_001));

    files
        .runSmall("--attributes", attributes)
        .failsWith(attributes + ":100001: a table must have at most 100000 entries");
  }

  @ParameterizedTest
  @ValueSource(strings = {"riscv64", "ARM64", "x86", ""})
  void otherArchitectures(String architecture) throws IOException {
    Path memmap = files.small();
    CommandRun run = rts("pagetables", "--arch=" + architecture, "--memmap", memmap);

    run.failsNaming("architecture must be x86_64 or arm64: architecture=\"" + architecture + "\"");
    run.failsNaming("try 'rts pagetables --help'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "6", "", "four", "-4"})
  void otherLevels(String levels) throws IOException {
    files.runSmall("--levels=" + levels).failsNaming("levels must be 4 or 5: levels=" + levels);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "0x10000000000000000", "12g", "-1", "0x\u0661"})
  void addressesThatAreNone(String address) throws IOException {
    files
        .runSmall("--explain=" + address)
        .failsNaming("address must be a number of 64 bits, decimal or with 0x: address=");
  }

  @Test
  void optionsThatAreMissing() {
    rts("pagetables")
        .failsWith(
            "Missing required options: '--arch=x86_64|arm64', '--memmap=FILE';"
                + " try 'rts pagetables --help'");
    rts("pagetables", "--memmap", "f")
        .failsNaming("Missing required option: '--arch=x86_64|arm64'");
    rts("pagetables", "--arch", "x86_64").failsNaming("Missing required option: '--memmap=FILE'");
  }
}
