// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A log of unknown origin on a terminal: line breaks and tabs are obeyed, nothing else is. */
final class LogText {
  private static final String TAB = "\t";

  private LogText() {}

  /** Prints the lines; bytes that are no UTF-8 are shown as U+FFFD. */
  static void print(PrintWriter out, byte[] log) {
    new String(log, StandardCharsets.UTF_8).lines().map(LogText::safe).forEach(out::println);
  }

  private static String safe(String line) {
    return Arrays.stream(line.split(TAB, -1)).map(Printable::text).collect(Collectors.joining(TAB));
  }
}
