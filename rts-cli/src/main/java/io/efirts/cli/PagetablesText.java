// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.io.PrintWriter;
import java.util.List;

/** EFI's page tables for people. */
final class PagetablesText {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final int GIB = 1 << 30;

  private final PrintWriter out;
  private final TableFormat format;

  PagetablesText(PrintWriter out, TableFormat format) {
    this.out = out;
    this.format = format;
  }

  void print(ShownTables tables, boolean after) {
    printSummary(tables, after);
    printRegions(tables.regions());
    printMappings(tables.mappings());
    if (tables.sharedGranules() != null) {
      new SharedGranulesText(out, size(format.granuleBytes())).print(tables.sharedGranules());
    }
    printWritableAndExecutable(tables.writableAndExecutable());
    if (tables.explanation() != null) {
      out.println();
      tables.explanation().forEach(out::println);
    }
  }

  private void printSummary(ShownTables tables, boolean after) {
    List<EfiMemoryDescriptor> regions = tables.regions();
    out.printf("%s, %s SetVirtualAddressMap%n", format.description(), after ? "after" : "before");
    out.printf(
        "regions %d, pages in them %d, page tables %d (%d KiB)%n",
        regions.size(),
        regions.stream().mapToLong(EfiMemoryDescriptor::numberOfPages).sum(),
        tables.count(),
        (long) tables.count() * format.granuleBytes() / KIB);
  }

  private void printRegions(List<EfiMemoryDescriptor> regions) {
    out.println();
    TextTable table = new TextTable("TYPE", "PHYSICAL", "VIRTUAL", "PAGES", "ATTRIBUTES");
    for (EfiMemoryDescriptor region : regions) {
      table.add(
          MemoryType.nameOf(region.type()),
          HexText.of(region.physicalStart()),
          region.virtualStart() == 0 ? "-" : HexText.of(region.virtualStart()),
          region.numberOfPages(),
          MemoryAttributes.describe(region.attribute()));
    }
    table.print(out);
  }

  private void printMappings(List<MappingSummary> mappings) {
    out.println();
    TextTable table =
        new TextTable("START", "END", "PHYSICAL", "PAGE SIZE", "PERMISSIONS", "CACHE");
    for (MappingSummary mapping : mappings) {
      table.add(
          mapping.start(),
          mapping.end(),
          mapping.physicalAddress(),
          size(mapping.pageSize()),
          mapping.permissions(),
          mapping.cache());
    }
    table.print(out);
  }

  private void printWritableAndExecutable(List<MappedPages> found) {
    out.println();
    out.println(
        found.isEmpty()
            ? "W^X holds: no page is both writable and executable."
            : "W^X does not hold, both writable and executable are:");
    for (MappedPages pages : found) {
      long last = pages.physicalStart() + pages.pages() * AddressSpace.PAGE_BYTES - 1;
      out.println(HexText.of(pages.physicalStart()) + "-" + HexText.of(last));
    }
  }

  /** The size of a page: always a whole number of its unit. */
  private static String size(long bytes) {
    if (bytes >= GIB) {
      return bytes / GIB + " GiB";
    }
    return bytes >= MIB ? bytes / MIB + " MiB" : bytes / KIB + " KiB";
  }
}
