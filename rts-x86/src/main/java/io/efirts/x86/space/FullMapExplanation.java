// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MissingDescriptor;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.api.space.layout.IdentityReach;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.x86.paging.EntryBits;
import io.efirts.x86.paging.PageFault;
import io.efirts.x86.paging.PageTables;
import java.util.ArrayList;
import java.util.List;

/** What a full identity map knows about a fault, in words. */
final class FullMapExplanation {
  private final PageTables tables;
  private final RegionLookup lookup;
  private final IdentityMap identity;
  private final IdentityReach reach;

  FullMapExplanation(
      PageTables tables, RegionLookup lookup, IdentityMap identity, IdentityReach reach) {
    this.tables = tables;
    this.lookup = lookup;
    this.identity = identity;
    this.reach = reach;
  }

  List<String> linesOf(FirmwareFault fault) {
    long address = fault.address();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s of 0x%x: %s, error code %s"
            .formatted(fault.access(), address, fault.kind(), PageFault.describe(fault.detail())));
    lines.addAll(tables.explain(new VirtualAddress(address)));
    lines.add(belonging(address));
    if (lookup.containing(address) == null
        && rangeWith(address) == null
        && !isHosts(address)
        && MissingDescriptor.isPhysical(address)) {
      lines.add("missing descriptor: " + MissingDescriptor.ofPage(address));
    }
    return List.copyOf(lines);
  }

  private String belonging(long address) {
    if (isHosts(address)) {
      return "belongs to the host, whose table entries are copied at every call";
    }
    PlannedRegion planned = lookup.planned(address);
    if (planned != null && RegionLookup.isVirtualIn(planned, address)) {
      return "lies in " + planned.descriptor() + ", at its virtual address";
    }
    EfiMemoryDescriptor region = lookup.containing(address);
    if (region != null) {
      return "lies in "
          + region
          + (address < reach.end()
              ? ", at its physical address"
              : ", which is beyond the addresses of " + tables.mode());
    }
    MappedPages range = rangeWith(address);
    return range == null
        ? "lies in nothing that the memory map has"
        : "lies in pages mapped at their physical address: 0x%x-0x%x"
            .formatted(range.physicalStart(), range.physicalEnd() - 1);
  }

  private MappedPages rangeWith(long address) {
    for (MappedPages range : identity.all()) {
      if (address >= range.physicalStart() && address < range.physicalEnd()) {
        return range;
      }
    }
    return null;
  }

  /** Whether the address is translated by entries of the host, if at all. */
  private boolean isHosts(long address) {
    boolean hosts = false;
    for (int level = tables.mode().levels();
        level > 1 && tables.mode().isCanonical(address) && !hosts;
        level--) {
      hosts = (tables.entry(level, new VirtualAddress(address)) & EntryBits.SHARED) != 0;
    }
    return hosts;
  }
}
