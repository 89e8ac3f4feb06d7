// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.infra.runners.TestList;

/** The mutants fit the sources of today, and what is written of them is true. */
class MutantTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private final Mutant mutant =
      new Mutant("name", Path.of("A.java"), List.of("Test"), "two\n", "three\n");

  @Test
  void everyMutantFitsItsSourceAndChangesIt() throws IOException {
    List<Mutant> mutants = Mutant.readAll(ROOT.resolve("jcstress-tests/mutants"));
    assertFalse(mutants.isEmpty());
    for (Mutant each : mutants) {
      String source = Files.readString(ROOT.resolve(each.file()));
      assertNotEquals(source, each.applyTo(source), each.name());
    }
  }

  @Test
  void everyMutantNamesTestsThatExist() throws IOException {
    for (Mutant each : Mutant.readAll(ROOT.resolve("jcstress-tests/mutants"))) {
      for (String test : each.tests()) {
        assertTrue(
            TestList.tests().stream().anyMatch(name -> name.endsWith("." + test)),
            () -> each.name() + " by " + test);
      }
    }
  }

  @Test
  void everyMutantStandsInTheMemoryModel() throws IOException {
    String document = Files.readString(ROOT.resolve("docs/memory-model.md"));
    for (Mutant each : Mutant.readAll(ROOT.resolve("jcstress-tests/mutants"))) {
      assertTrue(document.contains("| `" + each.name() + "` |"), each.name());
    }
  }

  @Test
  void everyTestStandsInTheMemoryModel() throws IOException {
    String document = Files.readString(ROOT.resolve("docs/memory-model.md"));
    for (String test : TestList.tests()) {
      String simpleName = test.substring(test.lastIndexOf('.') + 1);
      assertTrue(document.contains("`" + simpleName + "`"), simpleName);
    }
  }

  @Test
  void aTextIsReplacedWhereItStands() {
    assertEquals("one\nthree\nfour\n", mutant.applyTo("one\ntwo\nfour\n"));
  }

  @Test
  void aTextThatDoesNotStandOnceIsAnError() {
    assertThrows(IllegalStateException.class, () -> mutant.applyTo("one\n"));
    assertThrows(IllegalStateException.class, () -> mutant.applyTo("two\ntwo\n"));
  }

  @Test
  void aDataFileGivesTestsTextAndReplacement(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("dropped-step");
    Files.writeString(
        file, "bug: b\nfile: a/B.java\nkilled by: One, Two\n--- text\nx\n--- becomes\ny\n");
    assertEquals(
        List.of(
            new Mutant("dropped-step", Path.of("a/B.java"), List.of("One", "Two"), "x\n", "y\n")),
        Mutant.readAll(directory));
  }

  @Test
  void aDataFileMustBeWhole(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("half");
    Files.writeString(file, "bug: b\nfile: a/B.java\n--- text\nx\n--- becomes\ny\n");
    assertThrows(IllegalArgumentException.class, () -> Mutant.readAll(directory));
    Files.writeString(file, "bug: b\nfile: a/B.java\nkilled by: One\n--- text\nx\n");
    assertThrows(IllegalArgumentException.class, () -> Mutant.readAll(directory));
  }
}
