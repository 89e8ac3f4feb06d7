// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A mistake that the tests must find: one place of one source file, changed.
 *
 * <pre>
 *  bug: the mistake, in one sentence
 *  file: path of the source from the project's root
 *  killed by: Test, Test
 *  --- text
 *  lines that occur once in the file
 *  --- becomes
 *  lines that take their place
 * </pre>
 *
 * @param name the data file's name
 * @param file the source file
 * @param tests simple names of the tests that find it
 * @param text what is changed
 * @param replacement what it becomes
 */
record Mutant(String name, Path file, List<String> tests, String text, String replacement) {
  private static final String TEXT = "--- text\n";
  private static final String REPLACEMENT = "--- becomes\n";

  /** All mutants of a directory, by name. */
  static List<Mutant> readAll(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.sorted().toList();
    }
    List<Mutant> mutants = new ArrayList<>();
    for (Path file : files) {
      mutants.add(read(file));
    }
    return mutants;
  }

  static Mutant read(Path data) throws IOException {
    String all = Files.readString(data);
    int text = all.indexOf(TEXT);
    int replacement = all.indexOf(REPLACEMENT);
    if (text < 0 || replacement < text) {
      throw new IllegalArgumentException(
          "mutant must have a text and what it becomes: file=" + data);
    }
    String head = all.substring(0, text);
    field(head, "bug: ", data);
    return new Mutant(
        data.getFileName().toString(),
        Path.of(field(head, "file: ", data)),
        List.of(field(head, "killed by: ", data).split(", ")),
        all.substring(text + TEXT.length(), replacement),
        all.substring(replacement + REPLACEMENT.length()));
  }

  private static String field(String head, String name, Path data) {
    return head.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("mutant must have '" + name + "': file=" + data));
  }

  /** The source with the mistake in it. */
  String applyTo(String source) {
    int first = source.indexOf(text);
    if (first < 0 || source.indexOf(text, first + 1) >= 0) {
      throw new IllegalStateException(
          "mutant's text must occur once: name="
              + name
              + ", file="
              + file
              + ", found="
              + (first < 0 ? "never" : "more than once"));
    }
    return source.substring(0, first) + replacement + source.substring(first + text.length());
  }
}
