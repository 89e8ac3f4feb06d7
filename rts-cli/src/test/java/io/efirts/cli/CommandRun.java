// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;

/** One run of the command in this JVM, with what it printed. */
record CommandRun(int exitCode, String out, String err) {
  static final String GUID = "6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10";

  static CommandRun rts(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    int exitCode = Rts.run(new PrintWriter(out), new PrintWriter(err), texts);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** Asserts success without a word on standard error. */
  CommandRun succeeds() {
    assertEquals("", err);
    assertEquals(0, exitCode);
    return this;
  }

  /** Asserts the one line that every error is, and nothing else. */
  CommandRun failsWith(String message) {
    assertEquals("", out);
    assertEquals("rts: " + message + System.lineSeparator(), err);
    assertEquals(2, exitCode);
    return this;
  }

  /** Asserts an error of one line whose wording belongs to somebody else. */
  CommandRun failsNaming(String part) {
    assertEquals("", out);
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.startsWith("rts: "), err);
    assertTrue(err.contains(part), err);
    assertEquals(2, exitCode);
    return this;
  }

  List<String> lines() {
    return out.lines().toList();
  }

  JsonElement json() {
    assertTrue(out.chars().allMatch(c -> c < 0x7F), out);
    return JsonParser.parseString(out);
  }
}
