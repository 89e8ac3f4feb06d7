// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

/** Text from an image or a command line in a form that is safe to show on a terminal. */
final class Printable {
  private static final int QUOTED_CHARACTERS = 80;

  private Printable() {}

  /**
   * Escapes what a terminal would obey or could not show.
   *
   * @param text any text
   * @return the text with control and format characters, line separators and lone surrogates as
   *     Java escapes
   */
  static String text(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            codePoint -> {
              if (isShown(codePoint)) {
                shown.appendCodePoint(codePoint);
              } else {
                for (char unit : Character.toChars(codePoint)) {
                  shown.append(String.format("\\u%04x", (int) unit));
                }
              }
            });
    return shown.toString();
  }

  /** A variable's name in quotes, cut where a line of text would become unreadable. */
  static String quoted(String name) {
    return name.length() <= QUOTED_CHARACTERS
        ? '"' + text(name) + '"'
        : '"' + text(name.substring(0, QUOTED_CHARACTERS)) + "\"...";
  }

  private static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
