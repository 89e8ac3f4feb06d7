// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.x86.paging.Mapping;
import io.efirts.x86.plan.PlannedRegion;
import java.io.PrintWriter;
import java.util.List;

/** EFI's page tables for people. */
final class PagetablesText {
  private static final int KIB_PER_PAGE = AddressSpace.PAGE_BYTES / 1024;

  private final PrintWriter out;

  PagetablesText(PrintWriter out) {
    this.out = out;
  }

  void printSummary(TablesInMemory tables, boolean after) {
    List<PlannedRegion> regions = tables.space().plan().regions();
    out.printf(
        "x86_64, %d levels, %s SetVirtualAddressMap%n",
        tables.space().tables().mode().levels(), after ? "after" : "before");
    out.printf(
        "regions %d, pages in them %d, page tables %d (%d KiB)%n",
        regions.size(),
        regions.stream().mapToLong(PlannedRegion::pages).sum(),
        tables.count(),
        (long) tables.count() * KIB_PER_PAGE);
  }

  void printRegions(List<PlannedRegion> regions) {
    out.println();
    TextTable table = new TextTable("TYPE", "PHYSICAL", "VIRTUAL", "PAGES", "ATTRIBUTES");
    for (PlannedRegion region : regions) {
      table.add(
          MemoryType.nameOf(region.type()),
          HexText.of(region.physicalAddress()),
          region.placed() ? HexText.of(region.virtualAddress()) : "-",
          region.pages(),
          MemoryAttributes.describe(region.attribute()));
    }
    table.print(out);
  }

  void printMappings(List<Mapping> mappings) {
    out.println();
    TextTable table =
        new TextTable("START", "END", "PHYSICAL", "PAGE SIZE", "PERMISSIONS", "CACHE");
    for (Mapping mapping : mappings) {
      table.add(
          HexText.of(mapping.first().value()),
          HexText.of(mapping.last().value()),
          HexText.of(mapping.physical().value()),
          mapping.pageSize(),
          mapping.permissions(),
          MappingSummary.cache(mapping.attributes().cacheType()));
    }
    table.print(out);
  }

  void printWritableAndExecutable(List<MappedPages> found) {
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

  void printExplanation(List<String> lines) {
    out.println();
    lines.forEach(out::println);
  }
}
