// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows under headings, each column as wide as its longest cell; cells are printed as they are. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  TextTable(String... headings) {
    rows.add(headings);
  }

  void add(Object... cells) {
    String[] row = new String[cells.length];
    for (int column = 0; column < cells.length; column++) {
      row[column] = cells[column].toString();
    }
    rows.add(row);
  }

  /** Prints all columns flush right. */
  void print(PrintWriter out) {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int column = 0; column < row.length; column++) {
        widths[column] = Math.max(widths[column], row[column].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.length; column++) {
        line.append(column == 0 ? "" : GAP)
            .repeat(' ', widths[column] - row[column].length())
            .append(row[column]);
      }
      out.println(line);
    }
  }
}
