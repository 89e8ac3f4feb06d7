// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.promises;

import io.efirts.promises.Promise.NamedTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code docs/promises.md} says. Each row of its tables claims one promise:
 *
 * <pre>{@code
 * | I-7 | Words for people. | rts-dispatch: `StressTest`, `CloseTest.closes`<br>rts-api: `OtherTest` | `SomeStress` |
 * }</pre>
 *
 * <p>A list item that starts with the number, {@code - I-13:}, says what is not proven yet.
 *
 * @param claimed the promises of the rows, in their order
 * @param known the numbers of all promises, proven or not
 * @param problems one line for each row that cannot be read
 */
record PromiseDocument(List<Promise> claimed, Set<Integer> known, List<String> problems) {
  private static final String HEADER = "| Promise |";
  private static final Pattern SEPARATOR = Pattern.compile("\\|[-:| ]+\\|");
  private static final Pattern NUMBER = Pattern.compile("I-(\\d{1,9})");
  private static final Pattern NOT_YET = Pattern.compile("- I-(\\d{1,9})\\b.*");
  private static final String JAVA_NAME = "`[A-Z]\\w*(?:\\.\\w+)*`";
  private static final String JAVA_NAMES = JAVA_NAME + "(?:, " + JAVA_NAME + ")*";
  private static final Pattern TESTS_OF_MODULE = Pattern.compile("([\\w-]+): (" + JAVA_NAMES + ")");
  private static final Pattern STRESS_TESTS = Pattern.compile(JAVA_NAMES);
  private static final int CELLS = 4;

  /**
   * Reads the document.
   *
   * @param lines its lines
   * @return what they say
   */
  static PromiseDocument parse(List<String> lines) {
    PromiseDocument document =
        new PromiseDocument(new ArrayList<>(), new TreeSet<>(), new ArrayList<>());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      Matcher notYet = NOT_YET.matcher(line);
      if (notYet.matches()) {
        document.known.add(Integer.valueOf(notYet.group(1)));
      } else if (line.startsWith("|")
          && !line.startsWith(HEADER)
          && !SEPARATOR.matcher(line).matches()) {
        document.addRow(line, i + 1);
      }
    }
    return document;
  }

  private void addRow(String row, int line) {
    String[] cells = row.substring(1).split("\\|", -1);
    Matcher number = NUMBER.matcher(cells[0].strip());
    // What follows the last bar is empty.
    if (cells.length != CELLS + 1 || !number.matches()) {
      problems.add("docs/promises.md has a row that is no promise: line=" + line);
      return;
    }
    Promise promise =
        new Promise(
            Integer.parseInt(number.group(1)),
            testsOf(cells[2].strip(), line),
            stressTestsOf(cells[3].strip(), line));
    if (claimed.stream().anyMatch(other -> other.number() == promise.number())) {
      problems.add(
          "docs/promises.md claims a promise twice: promise=%s, line=%d"
              .formatted(promise.quoted(), line));
    }
    claimed.add(promise);
    known.add(promise.number());
  }

  private List<NamedTest> testsOf(String cell, int line) {
    List<NamedTest> tests = new ArrayList<>();
    for (String part : cell.isEmpty() ? new String[0] : cell.split("<br>")) {
      Matcher ofModule = TESTS_OF_MODULE.matcher(part.strip());
      if (ofModule.matches()) {
        names(ofModule.group(2)).forEach(name -> tests.add(new NamedTest(ofModule.group(1), name)));
      } else {
        problems.add(
            "docs/promises.md must name tests as module: `Test.method`, `Test`: line=%d, cell=%s"
                .formatted(line, part.strip()));
      }
    }
    return tests;
  }

  private List<String> stressTestsOf(String cell, int line) {
    if (cell.isEmpty()) {
      return List.of();
    }
    if (!STRESS_TESTS.matcher(cell).matches()) {
      problems.add(
          "docs/promises.md must name jcstress tests as `Test`, `Test`: line=%d, cell=%s"
              .formatted(line, cell));
      return List.of();
    }
    return names(cell);
  }

  private static List<String> names(String quoted) {
    return List.of(quoted.replace("`", "").split(", "));
  }
}
