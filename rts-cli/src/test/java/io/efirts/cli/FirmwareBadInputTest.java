// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;

import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code rts firmware} refuses before it starts anything. */
class FirmwareBadInputTest {
  private static final int CODE_BYTES_4M = 3_653_632;
  private static final int VARS_BYTES_4M = 540_672;

  @TempDir private Path directory;

  private Path code(int bytes) throws IOException {
    return Files.write(directory.resolve("code.fd"), new byte[bytes]);
  }

  private Path vars(NvLayout layout) throws IOException {
    return TestImages.empty(directory, layout);
  }

  @Test
  void anUnknownMachineIsRefused() {
    rts("firmware", "--arch", "vax").failsNaming("architecture must be x86_64 or arm64");
  }

  @Test
  void aBootLimitIsFromASecondToAnHour() {
    rts("firmware", "--boot-limit", "0")
        .failsWith("boot limit must be 1 to 3600 seconds: bootLimit=0");
    rts("firmware", "--boot-limit", "3601")
        .failsWith("boot limit must be 1 to 3600 seconds: bootLimit=3601");
    rts("firmware", "--boot-limit", "soon").failsNaming("--boot-limit");
  }

  @Test
  void nothingIsKeptWithoutAFileForIt() {
    rts("firmware", "--keep")
        .failsWith("--keep needs --vars: the packages' own store is never written");
  }

  @Test
  void filesThatAreNotThereAreNamed() {
    Path nowhere = directory.resolve("nowhere.fd");
    rts("firmware", "--code", nowhere).failsWith(nowhere + ": no such file");
    rts("firmware", "--vars", nowhere).failsWith(nowhere + ": no such file");
    rts("firmware", "--vars", nowhere, "--keep").failsWith(nowhere + ": no such file");
    rts("firmware", "--code", directory).failsWith(directory + ": is a directory");
  }

  @Test
  void whatIsNoVariableStoreIsRefused() throws IOException {
    Path random = TestImages.random(directory, VARS_BYTES_4M);
    rts("firmware", "--vars", random).failsNaming(random.toString());
  }

  @Test
  void aStoreOfAnotherBuildIsRefused() throws IOException {
    rts("firmware", "--code", code(CODE_BYTES_4M), "--vars", vars(NvLayout.OVMF_2M))
        .failsWith(
            "code and variables must be the two parts of one image, whose size is a power of two:"
                + " codeBytes=3653632, varsBytes=131072");
  }

  @Test
  void codeThatIsShortIsRefused() throws IOException {
    rts("firmware", "--code", code(CODE_BYTES_4M - 1), "--vars", vars(NvLayout.OVMF_4M))
        .failsNaming("codeBytes=3653631, varsBytes=540672");
  }

  @Test
  void theFlashOfTheArm64BoardHasOneSize() throws IOException {
    Path vars = vars(NvLayout.OVMF_4M);
    Path code = code(CODE_BYTES_4M);
    rts("firmware", "--arch", "arm64", "--code", code, "--vars", vars)
        .failsWith(
            code + ": must have the size of the board's flash, 67108864 bytes: bytes=3653632");
  }
}
