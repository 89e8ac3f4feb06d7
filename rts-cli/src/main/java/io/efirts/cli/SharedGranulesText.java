// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.spec.MemoryType;
import java.io.PrintWriter;
import java.util.List;

/** Granules that are not mapped as each of their parts should be, for people. */
final class SharedGranulesText {
  private final PrintWriter out;
  private final String size;

  SharedGranulesText(PrintWriter out, String size) {
    this.out = out;
    this.size = size;
  }

  void print(List<SharedGranuleSummary> granules) {
    out.println();
    if (granules.isEmpty()) {
      out.println(
          "No granule of " + size + " is shared by memory that alone would not be mapped alike.");
      return;
    }
    out.println(
        "Granules of "
            + size
            + " shared by memory that alone would not be mapped alike, or at all:");
    TextTable table = new TextTable("GRANULE", "MAPPED", "PART", "PAGES", "TYPE", "ALONE");
    granules.forEach(granule -> addRows(table, granule));
    table.print(out);
    List<String> broken =
        granules.stream()
            .filter(SharedGranuleSummary::breaksWriteXorExecute)
            .map(SharedGranuleSummary::physicalAddress)
            .toList();
    if (!broken.isEmpty()) {
      out.println("Writable and executable only because of that: " + String.join(", ", broken));
    }
  }

  private static void addRows(TextTable table, SharedGranuleSummary granule) {
    String start = granule.physicalAddress();
    String mapped = granule.permissions() + " " + granule.cache();
    for (SharedGranuleSummary.Part part : granule.parts()) {
      table.add(
          start,
          mapped,
          part.physicalAddress(),
          part.pages(),
          MemoryType.nameOf((int) part.type()),
          part.permissions() + " " + part.cache());
      start = "";
      mapped = "";
    }
    if (granule.foreignBytes() > 0) {
      long pages = granule.foreignBytes() / AddressSpace.PAGE_BYTES;
      table.add("", "", "-", pages, "other memory", "not mapped");
    }
  }
}
