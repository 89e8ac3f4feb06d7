// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintWriter;

/** Writes records as JSON in ASCII, so that every name survives whatever the locale is. */
final class JsonOutput {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  private JsonOutput() {}

  static void print(PrintWriter out, Object value) {
    String json = GSON.toJson(value);
    StringBuilder ascii = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char unit = json.charAt(i);
      // Outside of strings there is only ASCII, so this is always a place for an escape.
      if (unit < 0x7F) {
        ascii.append(unit);
      } else {
        ascii.append(String.format("\\u%04x", (int) unit));
      }
    }
    out.println(ascii);
  }
}
