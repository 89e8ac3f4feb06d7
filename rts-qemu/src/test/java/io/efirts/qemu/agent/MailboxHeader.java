// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers of mailbox.h, as the guest's compiler sees them. */
public final class MailboxHeader {
  private static final Path FILE = Path.of("src/main/agent/mailbox.h");
  private static final Pattern DEFINE = Pattern.compile("#define (\\w+) (.+)");
  private static final Pattern DIFFERENCE = Pattern.compile("\\((\\w+) - (\\w+)\\)");

  private final Map<String, Long> values = new HashMap<>();

  private MailboxHeader() {}

  /**
   * Reads the file.
   *
   * @param architecture whose registers are wanted
   */
  public static MailboxHeader of(AgentArch architecture) {
    MailboxHeader header = new MailboxHeader();
    boolean skip = false;
    try {
      for (String line : Files.readAllLines(FILE)) {
        if (line.startsWith("#if defined(__x86_64__)")) {
          skip = architecture != AgentArch.X86_64;
        } else if (line.startsWith("#else")) {
          skip = architecture != AgentArch.AARCH64;
        } else if (line.startsWith("#endif")) {
          skip = false;
        } else if (!skip) {
          header.define(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("tests must run in the module's directory", e);
    }
    return header;
  }

  private void define(String line) {
    Matcher define = DEFINE.matcher(line);
    if (define.matches()) {
      values.put(define.group(1), value(define.group(2)));
    }
  }

  private long value(String text) {
    Matcher difference = DIFFERENCE.matcher(text);
    if (difference.matches()) {
      return get(difference.group(1)) - get(difference.group(2));
    }
    return Long.decode(text.replace("ULL", ""));
  }

  /** The number behind a name. */
  public long get(String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new AssertionError("mailbox.h must define: name=" + name);
    }
    return value;
  }
}
