// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MissingDescriptor;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PageTablesBuilder;
import io.efirts.arm64.paging.Syndrome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The isolated address space in which firmware is called: every planned region at its physical
 * address and, where it was placed, at its virtual address, device registers, ranges that the host
 * has added, and nothing else. All of it lies below the addresses that the host has in TTBR1_EL1.
 *
 * <p>Registers are Device memory: nGnRE where MAIR_EL1 has it. Other regions are mapped write-back,
 * write-through or not cacheable, the first of these that their attributes have (WB, WT, WC), else
 * as Device memory. Code is writable and executable, all else writable; a region that is read-only
 * or execute-protected by its own attributes is so from the beginning. {@link
 * #virtualAddressMapSet} takes further permissions away.
 *
 * <p>What is no multiple of the granule is rounded outward, and what then shares a granule has all
 * permissions that any of it needs: {@link #sharedGranules} tells. Page 0 is mapped only where
 * something in its granule is.
 *
 * <p>Both aliases of a region lead to the same frames with the same permissions and memory type at
 * any time (I-22).
 *
 * <p>All but {@link #explain}, {@link #missingDescriptor} and {@link #nearestDescriptor} is for one
 * thread at a time, and never while a call is inside the firmware; these three are for any thread
 * that sees the last change. Nothing blocks.
 */
public final class EfiAddressSpace implements FirmwareSpace<PageTables> {
  private final PageTables tables;
  private final RegionLookup lookup;
  private SpaceContent content;
  private PageRuns mapped;
  private boolean virtual;

  EfiAddressSpace(PageTables tables, SpaceContent content, PageRuns mapped, RegionLookup lookup) {
    this.tables = tables;
    this.content = content;
    this.mapped = mapped;
    this.lookup = lookup;
  }

  /**
   * Begins to describe an address space.
   *
   * @param tables what the tables have to know; makes them when the address space is built
   * @param plan the regions and their virtual addresses
   * @return a builder without further ranges
   */
  public static EfiAddressSpaceBuilder builder(PageTablesBuilder tables, VirtualMap plan) {
    return new EfiAddressSpaceBuilder(tables, plan);
  }

  @Override
  public PageTables tables() {
    return tables;
  }

  /**
   * Which regions are mapped now, and where.
   *
   * @return the plan given at creation; without boot services memory once that has gone
   */
  public VirtualMap plan() {
    return content.plan();
  }

  /**
   * Maps a range at its physical address. Pages that are mapped there already stay as they are, but
   * for what they share a granule with; those of them that are boot services memory stay mapped
   * when that goes, as given here. All or nothing; allocates.
   *
   * @param range the pages and how to map them
   * @return what remains to be flushed
   * @throws IllegalArgumentException if the address is beyond what the mode can express, or is
   *     another region's virtual address, or cached memory would share a granule with device
   *     registers of the host's
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public FlushToken mapIdentically(MappedPages range) {
    return become(content.with(Objects.requireNonNull(range, "range")));
  }

  /**
   * Ends the time of boot services: SetVirtualAddressMap has returned with success. Boot services
   * memory without the RUNTIME attribute goes from both aliases (I-25), except granules that
   * something else needs; runtime regions lose what firmware's memory attributes take away, in both
   * aliases, and gain nothing. All or nothing; allocates.
   *
   * @param permissions what the memory attributes table says; for granules above 4 KiB made by
   *     {@link RuntimePermissions#of(io.efirts.api.spec.EfiMemoryAttributesTable,
   *     io.efirts.api.map.MemoryMap, int)}, which rejects what shares a granule
   * @return what remains to be flushed
   * @throws IllegalStateException if it has been done before
   * @throws IllegalArgumentException if a page of what changes was unmapped through {@link #tables}
   * @throws io.efirts.api.paging.OutOfFramesException if a block must be split and there is no
   *     frame; can be tried again
   */
  public FlushToken virtualAddressMapSet(RuntimePermissions permissions) {
    Objects.requireNonNull(permissions, "permissions");
    if (virtual) {
      throw new IllegalStateException(
          "virtual address map must be set once only: root=0x" + Long.toHexString(tables.root()));
    }
    FlushToken token = become(content.afterBootServices(permissions));
    virtual = true;
    return token;
  }

  private FlushToken become(SpaceContent next) {
    PageRuns runs = next.runs();
    FlushToken token = new SpaceChange(tables, mapped, runs).make();
    content = next;
    mapped = runs;
    return token;
  }

  /**
   * What firmware could write and then run: empty where W^X holds. Allocates.
   *
   * @return whole granules in physical order, as the tables have them
   */
  public List<MappedPages> writableAndExecutable() {
    List<MappedPages> found = new ArrayList<>();
    for (MappedPages pages : content.layout().all()) {
      long first = pages.physicalStart();
      if (!Translation.isFault(tables.translate(first, Access.WRITE))
          && !Translation.isFault(tables.translate(first, Access.EXECUTE))) {
        found.add(pages);
      }
    }
    return List.copyOf(found);
  }

  /**
   * The granules that are not mapped as each of their parts should be, because regions do not begin
   * and end on their bounds: what costs permissions, and where firmware reaches what is not its
   * own. None with the 4 KiB granule. Allocates.
   *
   * @return an immutable list in physical order
   */
  public List<SharedGranule> sharedGranules() {
    return content.layout().shared();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of regions that were planned, the descriptor has the virtual address; also of boot services
   * memory that has gone.
   */
  @Override
  public EfiMemoryDescriptor nearestDescriptor(long address) {
    return lookup.nearest(address);
  }

  /**
   * The descriptor that is missing from firmware's map for an address to be mapped: the region that
   * contains it, at its physical or virtual address, with the RUNTIME attribute; where there is no
   * region, a page of memory-mapped I/O.
   *
   * @param address any address
   * @return the descriptor; null if the address is mapped, the host's, or neither a region's nor a
   *     physical address
   */
  public MissingDescriptor missingDescriptor(long address) {
    return explanation(address).missing();
  }

  @Override
  public List<String> explain(FirmwareFault fault) {
    if (fault.kind() == FaultKind.EXCEPTION) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s of 0x%x: %s, ESR %s"
            .formatted(
                fault.access(), fault.address(), fault.kind(), Syndrome.describe(fault.detail())));
    lines.addAll(explanation(fault.address()).lines());
    return List.copyOf(lines);
  }

  /**
   * What is known about an address: each entry on the way to it, to what it belongs, and the {@link
   * #missingDescriptor}.
   *
   * @param address any address
   * @return lines of text
   */
  public List<String> explain(VirtualAddress address) {
    return explanation(address.value()).lines();
  }

  private AddressExplanation explanation(long address) {
    return new AddressExplanation(tables, lookup, content, address);
  }
}
