// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MissingDescriptor;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.Syndrome;
import java.util.ArrayList;
import java.util.List;

/** What a full identity map knows about a fault, in words. */
final class FullMapExplanation {
  private final PageTables tables;
  private final RegionLookup lookup;
  private final FullContent content;

  FullMapExplanation(PageTables tables, RegionLookup lookup, FullContent content) {
    this.tables = tables;
    this.lookup = lookup;
    this.content = content;
  }

  List<String> linesOf(FirmwareFault fault) {
    long address = fault.address();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s of 0x%x: %s, ESR %s"
            .formatted(fault.access(), address, fault.kind(), Syndrome.describe(fault.detail())));
    lines.addAll(tables.explain(new VirtualAddress(address)));
    lines.add(belonging(address));
    if (lookup.containing(address) == null
        && !isMapped(address)
        && MissingDescriptor.isPhysical(address)) {
      lines.add("missing descriptor: " + MissingDescriptor.ofPage(address));
    }
    return List.copyOf(lines);
  }

  private String belonging(long address) {
    if (HostRange.contains(tables.mode(), address)) {
      return HostRange.DESCRIPTION;
    }
    PlannedRegion planned = lookup.planned(address);
    if (planned != null && RegionLookup.isVirtualIn(planned, address)) {
      return "lies in " + planned.descriptor() + ", at its virtual address";
    }
    EfiMemoryDescriptor region = lookup.containing(address);
    if (region != null) {
      return "lies in "
          + region
          + (address < content.reach().end()
              ? ", at its physical address"
              : ", which is beyond the addresses of " + tables.mode());
    }
    MappedPages range = rangeWith(address);
    if (range == null) {
      return isMapped(address)
          ? "lies in a granule of " + content.granule() + " that is mapped for what else lies in it"
          : "lies in nothing that the memory map has";
    }
    return "lies in pages mapped at their physical address: 0x%x-0x%x"
        .formatted(range.physicalStart(), range.physicalEnd() - 1);
  }

  private MappedPages rangeWith(long address) {
    for (MappedPages range : content.identity().all()) {
      if (address >= range.physicalStart() && address < range.physicalEnd()) {
        return range;
      }
    }
    return null;
  }

  private boolean isMapped(long address) {
    return !Translation.isFault(tables.translate(address, Access.READ));
  }
}
