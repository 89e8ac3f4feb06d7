// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MissingDescriptor;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.PageTables;
import java.util.ArrayList;
import java.util.List;

/** To what an address of an EFI address space belongs, in words, and what would have to be. */
final class AddressExplanation {
  private final PageTables tables;
  private final RegionLookup lookup;
  private final SpaceContent content;
  private final long address;

  AddressExplanation(PageTables tables, RegionLookup lookup, SpaceContent content, long address) {
    this.tables = tables;
    this.lookup = lookup;
    this.content = content;
    this.address = address;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(tables.explain(new VirtualAddress(address)));
    lines.add(belonging());
    MissingDescriptor missing = missing();
    if (missing != null) {
      lines.add("missing descriptor: " + missing);
    }
    return List.copyOf(lines);
  }

  /** The descriptor without which the address is not mapped; null if it is, or none would help. */
  MissingDescriptor missing() {
    long translation = tables.translate(address, Access.READ);
    if (!Translation.isFault(translation)
        || Translation.faultKind(translation) != FaultKind.NOT_MAPPED
        || HostRange.contains(tables.mode(), address)) {
      return null;
    }
    EfiMemoryDescriptor region = lookup.containing(address);
    if (region != null) {
      return MissingDescriptor.ofRegion(region);
    }
    return MissingDescriptor.isPhysical(address) ? MissingDescriptor.ofPage(address) : null;
  }

  private String belonging() {
    if (HostRange.contains(tables.mode(), address)) {
      return HostRange.DESCRIPTION;
    }
    PlannedRegion planned = lookup.planned(address);
    MappedPages pages = identicalPages();
    if (planned != null && content.plan().regions().contains(planned)) {
      return whereIn(planned);
    }
    if (pages != null) {
      return "lies in pages mapped at their physical address: 0x%x-0x%x"
          .formatted(pages.physicalStart(), pages.physicalEnd() - 1);
    }
    EfiMemoryDescriptor region = lookup.containing(address);
    if (!Translation.isFault(tables.translate(address, Access.READ))) {
      return "lies in a granule of "
          + content.granule()
          + " that is mapped for what else lies in it"
          + (region == null ? "" : ", in " + region);
    }
    if (planned != null) {
      return whereIn(planned) + ", which was given up after SetVirtualAddressMap";
    }
    return region == null
        ? "lies in nothing that firmware has declared"
        : "lies in " + region + ", which is not mapped for firmware" + ownerOf(region);
  }

  private String whereIn(PlannedRegion planned) {
    String side =
        RegionLookup.isVirtualIn(planned, address) ? "virtual address" : "physical address";
    return "lies in " + planned.descriptor() + ", at its " + side;
  }

  private static String ownerOf(EfiMemoryDescriptor region) {
    return switch (region.type()) {
      case MemoryType.CONVENTIONAL_MEMORY, MemoryType.LOADER_CODE, MemoryType.LOADER_DATA ->
          ": it is the host's memory";
      default -> "";
    };
  }

  /** The pages that hold the address as their physical one, or null. */
  private MappedPages identicalPages() {
    for (MappedPages pages : content.identity().all()) {
      if (address >= pages.physicalStart() && address < pages.physicalEnd()) {
        return pages;
      }
    }
    return null;
  }
}
