// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text file that may hold anything, line by line. */
final class TextLines {
  /** Takes the lines of a file. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes the next line.
     *
     * @param line the line without its end
     * @param number its number, from 1
     * @throws IllegalArgumentException when the file must not have such a line
     */
    void take(String line, int number);
  }

  private TextLines() {}

  /**
   * Reads a file. What is kept of it is the taker's.
   *
   * @param path the file
   * @param taker takes each line
   * @throws CliException when the file cannot be read; when the taker or {@link BoundedLines}
   *     refuses a line, with its number
   */
  static void read(Path path, Taker taker) {
    ImageFiles.requireReadable(path);
    // Latin-1 takes every byte: what is no text fails where it has no meaning.
    try (BufferedReader text = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
      read(path, new BoundedLines(text), taker);
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }

  private static void read(Path path, BoundedLines lines, Taker taker) throws IOException {
    try {
      for (String line = lines.next(); line != null; line = lines.next()) {
        taker.take(line, lines.number());
      }
    } catch (IllegalArgumentException e) {
      throw new CliException(path + ":" + lines.number() + ": " + e.getMessage(), e);
    }
  }
}
