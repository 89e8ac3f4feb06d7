// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.PagetablesFiles.run;
import static io.efirts.cli.PagetablesFiles.runArm64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code rts pagetables --arch arm64} refuses, and options of one architecture only. */
class PagetablesArm64BadInputTest {
  private static final String HELP = "; try 'rts pagetables --help'";

  @TempDir private Path directory;
  private PagetablesFiles files;

  @BeforeEach
  void useDirectory() {
    files = new PagetablesFiles(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "5"})
  void levelsAreNotArm64s(String levels) throws IOException {
    runArm64(files.small(), "--levels", levels)
        .failsWith("--levels must be given with --arch x86_64 only: arch=arm64" + HELP);
  }

  @ParameterizedTest
  @CsvSource({"--granule, 4k", "--granule, 64k", "--va-bits, 48"})
  void granuleAndAddressSizeAreNotX86s(String option, String value) throws IOException {
    run(files.small(), option, value)
        .failsWith(option + " must be given with --arch arm64 only: arch=x86_64" + HELP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8k", "4096", "4K", "64"})
  void otherGranules(String granule) throws IOException {
    runArm64(files.small(), "--granule=" + granule)
        .failsNaming("granule must be 4k, 16k or 64k: granule=\"" + granule + "\"" + HELP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "35", "53", "64", "-40", "forty", "4294967340"})
  void otherAddressSizes(String bits) throws IOException {
    runArm64(files.small(), "--va-bits=" + bits)
        .failsNaming("va-bits must be a number from 36 to 52: va-bits=\"" + bits + "\"" + HELP);
  }

  @Test
  void aRegionThatTheAddressSizeCannotReach() throws IOException {
    Path memmap = files.memmap("6 0x1000000000 0 16 0x800000000000000f\n");

    runArm64(memmap, "--va-bits=36")
        .failsWith(
            memmap
                + ": range must be a positive multiple of 4096 of addresses that the tables"
                + " translate: first=0x1000000000, length=0x10000, bits=36");
    runArm64(memmap, "--va-bits=37").succeeds();
  }

  @Test
  void aRegionThatOnlyAddressesOf52BitsReach() throws IOException {
    Path memmap = files.memmap("6 0x1000000000000 0 16 0x800000000000000f\n");

    runArm64(memmap)
        .failsWith(
            memmap
                + ": physical range must be aligned to 4096 and within the output address size:"
                + " first=0x1000000000000, length=0x10000, end=0x1000000000000");
    runArm64(memmap, "--va-bits=49").succeeds();
  }

  @Test
  void aRegionForWhichTheWindowHasNoRoom() throws IOException {
    Path memmap = files.memmap("6 0x1000000000 0 0x1000000 0x800000000000000f\n");
    CommandRun run = runArm64(memmap);

    assertEquals(0, run.exitCode());
    assertEquals(
        "rts: "
            + memmap
            + ": mapped at its physical address only, because the window has no room:"
            + " physicalAddress=0x1000000000, pages=16777216\n",
        run.err());
  }

  @Test
  void aVirtualAddressThatIsOtherMemorysPhysicalOne() throws IOException {
    Path memmap =
        files.memmap(
            """
            6 0x10000000 0 1 0x800000000000000f
            6 0x20000000 0 1 0x800000000000000f
            """);

    runArm64(memmap)
        .failsWith(
            memmap
                + ": a granule must have one meaning at an address: address=0x20000000,"
                + " physical=0x10000000, other=0x20000000");
  }

  @Test
  void virtualAddressesThatNoGranuleCouldMap() throws IOException {
    Path memmap = files.memmap("6 0x100000 0x30001000 1 0x800000000000000f\n");

    runArm64(memmap, "--successor")
        .failsWith(
            memmap
                + ": virtual and physical address must be congruent modulo the window's alignment:"
                + " virtualAddress=0x30001000, physicalAddress=0x100000, pages=1,"
                + " alignment=0x10000");
  }

  @Test
  void aListOfMappedRegionsWithOneThatHasNoVirtualAddressOnArm64() throws IOException {
    Path memmap = files.memmap("4 0x100000 0x30000000 1 0xf\n");

    runArm64(memmap)
        .failsWith(
            memmap
                + ": a region that is mapped at a virtual address must have RUNTIME on arm64:"
                + " physicalAddress=0x100000, virtualAddress=0x30000000");
  }
}
