// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.GUID;
import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  /** What the dispatcher keeps free of any store. */
  private static final int RESERVE_BYTES = 5120;

  private static final Pattern CALL =
      Pattern.compile("(\\w+)(?: x\\d+)? +(EFI_\\w+) +(\\d+\\.\\d) us  (.*)");
  private static final Pattern TEMPORARY = Pattern.compile(": (\\S*rts-demo-\\S*)");
  private static final Pattern TOKEN = Pattern.compile("RtsDemo = ([0-9a-f]{16})");

  @TempDir private Path directory;

  private static List<Matcher> calls(CommandRun run) {
    return run.lines().stream().map(CALL::matcher).filter(Matcher::matches).toList();
  }

  private static Path temporaryImage(CommandRun run) {
    Matcher matcher = TEMPORARY.matcher(run.lines().getFirst());
    assertTrue(matcher.find(), run.out());
    return Path.of(matcher.group(1));
  }

  private static List<String> tokens(CommandRun run) {
    return TOKEN.matcher(run.out()).results().map(found -> found.group(1)).toList();
  }

  @Test
  void everyCallIsShownWithStatusAndLatency() {
    CommandRun run = rts("demo").succeeds();

    assertEquals(
        List.of(
            "GetTime EFI_SUCCESS",
            "QueryVariableInfo EFI_SUCCESS",
            "GetNextVariableName EFI_NOT_FOUND",
            "SetVariable EFI_SUCCESS",
            "GetVariable EFI_SUCCESS",
            "GetVariable EFI_SUCCESS"),
        calls(run).stream().map(call -> call.group(1) + " " + call.group(2)).toList());
    for (Matcher call : calls(run)) {
      assertTrue(Double.parseDouble(call.group(3)) > 0, call.group());
    }
    assertEquals(1, calls(run).stream().map(call -> call.start(4)).distinct().count(), run.out());
  }

  @Test
  void theTokenIsRandomAndReadBackTwice() {
    List<String> first = tokens(rts("demo").succeeds());
    List<String> second = tokens(rts("demo").succeeds());

    assertEquals(3, first.size());
    assertEquals(1, first.stream().distinct().count());
    assertNotEquals(first, second);
  }

  @Test
  void thePanicsLogComesBackAfterTheReboot() {
    CommandRun run = rts("demo").succeeds();

    String token = tokens(run).getFirst();
    assertTrue(run.out().contains("4 of 4 parts written, by the crash entry"), run.out());
    assertTrue(run.out().contains("its SetVariable says EFI_DEVICE_ERROR"), run.out());
    assertTrue(run.out().contains("121 lines, the last one: <0>["), run.out());
    assertTrue(run.out().contains("demo: panic, token " + token), run.out());
  }

  @Test
  void firmwareIsCalledAtVirtualAddresses() {
    CommandRun run = rts("demo").succeeds();
    assertTrue(run.out().contains("fffffffeff1ec000  from   f5ec000    256 pages"), run.out());
  }

  @Test
  void anArm64MachineServesToo() {
    CommandRun run = rts("demo", "--arch", "arm64").succeeds();
    assertTrue(run.out().contains("0000000020000000  from   4000000  16384 pages"), run.out());
    assertTrue(run.out().contains("4 of 4 parts written, by the crash entry"), run.out());
    assertTrue(run.out().contains("read back equal all three times"), run.out());
  }

  @Test
  void aMachineWithoutPageTablesServesToo() {
    CommandRun run = rts("demo", "--arch", "flat").succeeds();
    assertTrue(run.out().contains("A machine without page tables."), run.out());
    assertTrue(run.out().contains("read back equal all three times"), run.out());
  }

  @Test
  void anUnknownMachineIsRefused() {
    rts("demo", "--arch", "vax").failsNaming("'vax'");
  }

  @Test
  void theFreshImageIsDeleted() {
    Path image = temporaryImage(rts("demo").succeeds());

    assertFalse(Files.exists(image.getParent()), image.toString());
  }

  @Test
  void aGivenImageIsCopiedAndTheCopyIsDeleted() throws IOException {
    Path original = TestImages.filled(directory);

    CommandRun run = rts("demo", "--vars", original).succeeds();

    assertTrue(
        run.lines().getFirst().startsWith("A copy of " + original + ", which stays as it is: "));
    assertTrue(run.out().contains("GetNextVariableName x3"), run.out());
    assertTrue(run.out().contains("end after 2 variables"), run.out());
    Path copy = temporaryImage(run);
    assertNotEquals(original, copy);
    assertFalse(Files.exists(copy.getParent()), copy.toString());
    rts("vars", "get", original, "RtsDemo", "b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940")
        .failsWith("GetVariable \"RtsDemo\": EFI_NOT_FOUND");
  }

  @Test
  void aStoreWithoutRoomFailsTheDemoAfterShowingWhy() throws IOException {
    Path full = TestImages.filled(directory);
    for (int i = 0; i < 7; i++) {
      rts("vars", "set", full, "Fill" + i, GUID, "7", "00".repeat(33_700)).succeeds();
    }
    int remaining =
        rts("vars", "info", full, "--json")
            .succeeds()
            .json()
            .getAsJsonObject()
            .get("remainingVariableStorageSize")
            .getAsInt();
    rts("vars", "set", full, "Rest", GUID, "7", "00".repeat(remaining - RESERVE_BYTES - 100))
        .succeeds();

    CommandRun run = rts("demo", "--vars", full);

    assertEquals(2, run.exitCode());
    assertEquals(
        "rts: SetVariable: EFI_OUT_OF_RESOURCES (STORAGE_RESERVE, firmware was not entered)"
            + System.lineSeparator(),
        run.err());
    assertTrue(run.out().contains("EFI_OUT_OF_RESOURCES (STORAGE_RESERVE"), run.out());
    assertFalse(Files.exists(temporaryImage(run).getParent()));
  }

  @Test
  void anImageThatCannotBeWrittenFailsTheDemo() throws IOException {
    Path image = TestImages.withUnknownWriteLog(directory);

    CommandRun run = rts("demo", "--vars", image);

    assertEquals(2, run.exitCode());
    assertTrue(run.err().startsWith("rts: "), run.err());
    assertTrue(run.err().contains("fault-tolerant write log"), run.err());
    assertFalse(Files.exists(temporaryImage(run).getParent()));
  }
}
