// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.IOException;
import java.io.Reader;

/** Lines of a text that may be anything: one at a time, and none longer than it can sensibly be. */
final class BoundedLines {
  static final int MAXIMUM_LENGTH = 4096;
  static final int MAXIMUM_LINES = 1_000_000;

  private final Reader text;
  private final StringBuilder line = new StringBuilder();
  private int number;

  /**
   * Reads from where the text stands.
   *
   * @param text the text, buffered
   */
  BoundedLines(Reader text) {
    this.text = text;
  }

  /**
   * Reads the next line.
   *
   * @return the line without its end, or null behind the last
   * @throws IllegalArgumentException when the line is too long or one too many
   */
  String next() throws IOException {
    int unit = text.read();
    if (unit < 0) {
      return null;
    }
    number++;
    if (number > MAXIMUM_LINES) {
      throw new IllegalArgumentException("a file must have at most " + MAXIMUM_LINES + " lines");
    }
    line.setLength(0);
    while (unit >= 0 && unit != '\n') {
      if (line.length() == MAXIMUM_LENGTH) {
        throw new IllegalArgumentException(
            "a line must have at most " + MAXIMUM_LENGTH + " characters");
      }
      line.append((char) unit);
      unit = text.read();
    }
    return line.toString();
  }

  /** The number of the line that was read last, from 1. */
  int number() {
    return number;
  }
}
