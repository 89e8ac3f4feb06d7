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

/** I-20 on an image file: what is erased is gone, and only that. */
class PstoreRemoveCommandTest {
  private static final String OLD = "dump-type0-1-1-1000-D";
  private static final String NEWER = "dump-type0-1-1-5000-D";
  private static final String NEWEST = "dump-type0-2-1-5000-D";

  @TempDir private Path directory;
  private CrashImage image;

  @BeforeEach
  void create() throws IOException {
    image = CrashImage.in(directory).with(OLD, "1").with(NEWER, "2").with(NEWEST, "3");
  }

  private List<String> names() {
    return rts("vars", "list", image.path()).succeeds().lines().stream()
        .skip(1)
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .toList();
  }

  @Test
  void idsAndNamesAreErased() {
    CommandRun run = rts("pstore", "rm", image.path(), "100001001", NEWEST).succeeds();

    assertEquals(
        List.of("SetVariable \"" + NEWEST + "\": erased", "SetVariable \"" + OLD + "\": erased"),
        run.lines());
    assertEquals(List.of(NEWER), names());
  }

  @Test
  void aDumpIsErasedFromItsOldestPartOn() {
    assertEquals(
        List.of("SetVariable \"" + NEWEST + "\": erased", "SetVariable \"" + NEWER + "\": erased"),
        rts("pstore", "rm", image.path(), "--dump", "2").succeeds().lines());
    assertEquals(List.of(OLD), names());
  }

  @Test
  void allAreErasedAndNoOtherVariable() {
    image.with("no record", "4");

    assertEquals(0, rts("pstore", "rm", "--all", image.path()).exitCode());

    assertEquals(List.of("record"), names());
  }

  @Test
  void anIdGivenTwiceIsErasedOnce() {
    assertEquals(1, rts("pstore", "rm", image.path(), OLD, "100001001").succeeds().lines().size());
  }

  @Test
  void ifOneIsNotThereNoneIsErased() {
    rts("pstore", "rm", image.path(), "100001001", "42")
        .failsWith("no crash record has this id: id=42");
    rts("pstore", "rm", image.path(), "--dump", "3")
        .failsWith("the dump's number must be one that list shows: dump=3, dumps=2");

    assertEquals(List.of(OLD, NEWER, NEWEST), names());
  }

  @Test
  void anIdOfSeveralRecordsIsNotGuessedAt() {
    image.with("dump-type0-0-1-1001-D", "4").with("dump-type0-100-1-1000-D", "5");

    rts("pstore", "rm", image.path(), "100100001")
        .failsWith(
            "several crash records have this id, name the variable instead: id=100100001,"
                + " variables=dump-type0-100-1-1000-D, dump-type0-0-1-1001-D");
    rts("pstore", "rm", image.path(), "dump-type0-0-1-1001-D").succeeds();
    rts("pstore", "rm", image.path(), "100100001").succeeds();

    assertEquals(List.of(OLD, NEWER, NEWEST), names());
  }

  @Test
  void exactlyOneWayOfChoosingIsNeeded() {
    String message = "Give either ids, --dump or --all; try 'rts pstore rm --help'";
    rts("pstore", "rm", image.path()).failsWith(message);
    rts("pstore", "rm", image.path(), "1", "--all").failsWith(message);
    rts("pstore", "rm", image.path(), "--dump", "1", "--all").failsWith(message);

    assertEquals(3, names().size());
  }
}
