// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which the document can claim too much is found, and nothing else is. */
class PromiseCheckTest {
  private static final Instant BUILD_START = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path root;
  private Path report;

  @BeforeEach
  void aTreeInWhichAllTestsPassed() throws IOException {
    report =
        write(
            "gate/target/surefire-reports/TEST-a.b.GateTest.xml",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="a.b.GateTest">
              <properties><property name="skipped" value="error"/></properties>
              <testcase name="opens" classname="a.b.GateTest"/>
              <testcase name="opensWider" classname="a.b.GateTest">
                <system-out><![CDATA[<failure>]]></system-out>
              </testcase>
              <testcase name="closes(int)[1]" classname="a.b.GateTest"/>
              <testcase name="closes(int)[2]" classname="a.b.GateTest"/>
              <testcase name="nests" classname="a.b.GateTest$Inner"/>
            </testsuite>
            """);
    Files.setLastModifiedTime(report, FileTime.from(BUILD_START));
    write(
        "jcstress-tests/src/main/java/a/GateStress.java",
        """
        package a;

        /** Not one itself, though it says @JCStressTest class Fake. */
        final class GateStress {
          @JCStressTest
          @Outcome(id = "1, 2", desc = "class Other {")
          static class Race {}

          @org.openjdk.jcstress.annotations.JCStressTest
          static class Duel {}

          static class State {}
        }
        """);
    write("gate/src/test/java/a/b/GateTest.java", "/** I-1, and as API-9 says, XI-8. */");
  }

  private Path write(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private void rewriteReport(String from, String to) throws IOException {
    String before = Files.readString(report);
    String after = before.replace(from, to);
    assertEquals(from.length() - to.length(), before.length() - after.length(), "one place");
    Files.writeString(report, after);
  }

  private void assertProblems(String row, String... problems) throws IOException {
    write(
        "docs/promises.md",
        """
        # Promises
        | Promise | In short | Tests | jcstress |
        |---|---|---|---|
        %s

        - I-3: some day.
        - I-4, the rest: some day.
        """
            .formatted(row));
    assertEquals(List.of(problems), PromiseCheck.problems(root, BUILD_START));
  }

  @ParameterizedTest
  @CsvSource({
    "GateTest, GateStress.Race",
    "GateTest.opens, GateStress.Duel",
    "GateTest.closes, GateStress.Race",
    "GateTest.Inner, GateStress.Race",
    "GateTest.Inner.nests, GateStress.Race"
  })
  void whatPassedIsProven(String test, String stress) throws IOException {
    assertProblems("| I-1 | One. | gate: `%s` | `%s` |".formatted(test, stress));
  }

  @ParameterizedTest
  @CsvSource({
    "gate, GateTest.open",
    "gate, GateTest.nests",
    "gate, Gate",
    "gate, GateTest.Inner.opens",
    "jcstress-tests, GateTest",
    "nowhere, GateTest"
  })
  void whatNoReportNamesDidNotRun(String module, String test) throws IOException {
    assertProblems(
        "| I-1 | One. | gate: `GateTest`<br>%s: `%s` | |".formatted(module, test),
        "docs/promises.md names a test that did not run: promise=I-1, test=%s, module=%s"
            .formatted(test, module));
  }

  @Test
  void aReportOfAnEarlierBuildProvesNothing() throws IOException {
    Files.setLastModifiedTime(report, FileTime.from(BUILD_START.minusMillis(1)));
    assertProblems(
        "| I-1 | One. | gate: `GateTest` | |",
        "docs/promises.md names a test that did not run: promise=I-1, test=GateTest, module=gate");
  }

  @Test
  void oneSkippedInvocationIsEnough() throws IOException {
    rewriteReport(
        "<testcase name=\"closes(int)[1]\" classname=\"a.b.GateTest\"/>",
        "<testcase name=\"closes(int)[1]\" classname=\"a.b.GateTest\"><skipped/></testcase>");
    String message = "docs/promises.md names a test that was skipped: promise=I-1, test=";
    assertProblems(
        "| I-1 | One. | gate: `GateTest`, `GateTest.closes`, `GateTest.opens` | |",
        message + "GateTest, module=gate",
        message + "GateTest.closes, module=gate");
  }

  @ParameterizedTest
  @CsvSource({"failure", "error"})
  void failuresAndErrorsAreFailed(String element) throws IOException {
    rewriteReport(
        "<testcase name=\"opens\" classname=\"a.b.GateTest\"/>",
        "<testcase name=\"opens\" classname=\"a.b.GateTest\"><%s/></testcase>".formatted(element));
    assertProblems(
        "| I-1 | One. | gate: `GateTest.opens`, `GateTest.opensWider` | |",
        "docs/promises.md names a test that failed: promise=I-1, test=GateTest.opens, module=gate");
  }

  @ParameterizedTest
  @CsvSource({"''", "`GateStress.Race`"})
  void aPromiseNeedsATestThatTheBuildRuns(String stress) throws IOException {
    assertProblems(
        "| I-1 | One. | | %s |".formatted(stress),
        "docs/promises.md claims a promise without a test: promise=I-1");
  }

  @ParameterizedTest
  @CsvSource({"GateStress", "GateStress.State", "Race", "Fake", "GateStress.Other"})
  void aStressTestMustBeOne(String stress) throws IOException {
    assertProblems(
        "| I-1 | One. | gate: `GateTest` | `GateStress.Duel`, `%s` |".formatted(stress),
        "docs/promises.md names a jcstress test that does not exist: promise=I-1, test=" + stress);
  }

  @Test
  void aTreeMayHaveNoStressTests() throws IOException {
    Files.delete(root.resolve("jcstress-tests/src/main/java/a/GateStress.java"));
    assertProblems("| I-1 | One. | gate: `GateTest` | |");
  }

  @Test
  void whatIsQuotedMustBeThere() throws IOException {
    write("testkit/src/main/java/a/Some.java", "// I-2, I-3, I-4");
    assertProblems(
        "| I-1 | One. | gate: `GateTest` | |",
        "docs/promises.md lacks a promise that is quoted: promise=I-2,"
            + " file=testkit/src/main/java/a/Some.java");
  }

  @Test
  void aPromiseIsClaimedOnce() throws IOException {
    assertProblems(
        "| I-1 | One. | gate: `GateTest` | |\n| I-1 | Again. | gate: `GateTest` | |",
        "docs/promises.md claims a promise twice: promise=I-1, line=5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"| I1 | No number. | | |", "| I-1 | Cell missing. | |", "| I-1 | One | more | | |"})
  void aRowIsAPromise(String row) throws IOException {
    assertProblems(
        row + "\n| I-1 | One. | gate: `GateTest` | |",
        "docs/promises.md has a row that is no promise: line=4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"`GateTest`", "gate: GateTest", "gate: `GateTest` `GateTest`", "gate: `opens()`"})
  void testsAreNamedByModule(String cell) throws IOException {
    assertProblems(
        "| I-1 | One. | gate: `GateTest`<br>%s | |".formatted(cell),
        "docs/promises.md must name tests as module: `Test.method`, `Test`: line=4, cell=" + cell);
  }

  @Test
  void stressTestsAreNamedInQuotes() throws IOException {
    assertProblems(
        "| I-1 | One. | gate: `GateTest` | GateStress.Race |",
        "docs/promises.md must name jcstress tests as `Test`, `Test`: line=4,"
            + " cell=GateStress.Race");
  }

  @Test
  void aDocumentThatClaimsNothingIsAMistake() throws IOException {
    Files.delete(root.resolve("gate/src/test/java/a/b/GateTest.java"));
    assertProblems("", "docs/promises.md claims no promise");
  }
}
