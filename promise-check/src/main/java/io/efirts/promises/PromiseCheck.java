// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.promises;

import io.efirts.promises.Promise.NamedTest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fails the build when {@code docs/promises.md} claims what no test has shown: a test that does not
 * exist, did not run in this build, was skipped or failed, or a promise without any test. The other
 * way round, a promise that a source quotes must be in the document.
 */
public final class PromiseCheck {
  private static final Pattern QUOTED = Pattern.compile("(?<![\\w-])I-(\\d{1,9})\\b");

  private PromiseCheck() {}

  /**
   * Prints one line for each problem and exits with 1 if there is any.
   *
   * @param args the folder of the modules, and when the build started as an ISO-8601 instant
   * @throws IOException if a document, report or source cannot be read
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("arguments must be a directory and an instant");
    }
    List<String> problems = problems(Path.of(args[0]), Instant.parse(args[1]));
    problems.forEach(System.err::println);
    if (!problems.isEmpty()) {
      System.exit(1);
    }
  }

  /**
   * Checks the whole tree.
   *
   * @param root the folder of the modules and of {@code docs}
   * @param since when this build started
   * @return one line for each problem
   * @throws IOException if a document, report or source cannot be read
   */
  static List<String> problems(Path root, Instant since) throws IOException {
    PromiseDocument document =
        PromiseDocument.parse(Files.readAllLines(root.resolve("docs/promises.md")));
    TestReports reports = TestReports.read(root, since);
    Set<String> stressTests = StressTests.in(sourcesBelow(root.resolve("jcstress-tests/src")));
    List<String> problems = new ArrayList<>(document.problems());
    if (document.claimed().isEmpty()) {
      problems.add("docs/promises.md claims no promise");
    }
    for (Promise promise : document.claimed()) {
      if (promise.tests().isEmpty()) {
        problems.add(
            "docs/promises.md claims a promise without a test: promise=" + promise.quoted());
      }
      for (NamedTest test : promise.tests()) {
        String how = notProven(reports.verdict(test));
        if (!how.isEmpty()) {
          problems.add(
              "docs/promises.md names a test that %s: promise=%s, test=%s, module=%s"
                  .formatted(how, promise.quoted(), test.name(), test.module()));
        }
      }
      for (String test : promise.stressTests()) {
        if (!stressTests.contains(test)) {
          problems.add(
              "docs/promises.md names a jcstress test that does not exist: promise=%s, test=%s"
                  .formatted(promise.quoted(), test));
        }
      }
    }
    addUnknownQuotes(root, document.known(), problems);
    return problems;
  }

  private static String notProven(TestReports.Verdict verdict) {
    return switch (verdict) {
      case PASSED -> "";
      case SKIPPED -> "was skipped";
      case FAILED -> "failed";
      case DID_NOT_RUN -> "did not run";
    };
  }

  private static void addUnknownQuotes(Path root, Set<Integer> known, List<String> problems)
      throws IOException {
    List<Path> sources = new ArrayList<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path module : modules) {
        sources.addAll(sourcesBelow(module.resolve("src")));
      }
    }
    for (Path source : sources) {
      Matcher quotes = QUOTED.matcher(Files.readString(source));
      while (quotes.find()) {
        if (!known.contains(Integer.valueOf(quotes.group(1)))) {
          problems.add(
              "docs/promises.md lacks a promise that is quoted: promise=%s, file=%s"
                  .formatted(quotes.group(), root.relativize(source)));
        }
      }
    }
  }

  private static List<Path> sourcesBelow(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> below = Files.walk(folder)) {
      return below.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
