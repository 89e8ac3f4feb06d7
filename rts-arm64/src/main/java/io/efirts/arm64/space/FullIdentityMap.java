// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.space.layout.IdentityReach;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PageTablesBuilder;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The address space in which nothing is missing: all memory at its physical addresses, and the
 * runtime regions at their virtual addresses too once they have any. SetVirtualAddressMap is called
 * in it, because firmware is at its physical addresses until that has returned and may go anywhere;
 * and so is firmware in an emergency, when a call must not fail for want of a mapping.
 *
 * <p>Memory is readable, writable and executable, whatever its type and attributes: of all address
 * spaces this one alone is exempt from I-22. Registers are not executable, so that no processor
 * fetches from them ahead of time. Memory types are those of {@link EfiAddressSpace}. What is no
 * multiple of the granule is rounded outward; granules in which memory types meet have the weakest.
 *
 * <p>Memory beyond 2^{@link io.efirts.arm64.paging.PagingMode#virtualBits} has no virtual address
 * that equals its physical one. It is not mapped and {@link #notMapped} has it.
 *
 * <p>All but {@link #explain}, {@link #nearestDescriptor} and {@link #notMapped} is for one thread
 * at a time, and never while a call is inside the firmware; these three are for any thread that
 * sees the last change. Nothing blocks.
 */
public final class FullIdentityMap implements FirmwareSpace<PageTables> {
  private static final VirtualMap NO_ALIASES =
      VirtualMap.of(VirtualAddressPlanner.LINUX_WINDOW, List.of());

  private final PageTables tables;
  private FullContent content;
  private PageRuns mapped = new PageRuns();

  /** Maps a memory map and further ranges into tables in which nothing is mapped. */
  FullIdentityMap(PageTables tables, MemoryMap map, List<MappedPages> ranges) {
    this.tables = tables;
    IdentityReach reach = new IdentityReach(tables.mode().identityEnd());
    become(new FullContent(tables.mode().granule(), reach, map, ranges, NO_ALIASES)).ignore();
  }

  /**
   * Begins to describe an address space.
   *
   * @param tables what the tables have to know; makes them when the address space is built
   * @param map all memory
   * @return a builder without further ranges or aliases
   */
  public static FullIdentityMapBuilder builder(PageTablesBuilder tables, MemoryMap map) {
    return new FullIdentityMapBuilder(tables, map);
  }

  @Override
  public PageTables tables() {
    return tables;
  }

  /**
   * Memory that is not mapped at its physical address because there is no such virtual address.
   *
   * @return an immutable list in physical order; empty with 48 bits on most machines there are
   */
  public List<MappedPages> notMapped() {
    return content.beyondReach();
  }

  /**
   * Maps memory that was added to the machine later, as if it had been there from the beginning.
   * All or nothing; allocates.
   *
   * @param region the memory
   * @return what remains to be flushed
   * @throws IllegalArgumentException if it cannot be a region of the map or overlaps one of its
   *     regions, is beyond the processor's physical addresses, or something else is mapped there
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public FlushToken add(EfiMemoryDescriptor region) {
    List<EfiMemoryDescriptor> regions = new ArrayList<>(content.map().regions());
    regions.add(Objects.requireNonNull(region, "region"));
    return become(content.withMap(MemoryMap.of(regions)));
  }

  /**
   * Maps the runtime regions at their virtual addresses as well: before SetVirtualAddressMap is
   * called, or once it has returned. Regions that are not placed, or placed at their physical
   * address, have no other. Once only. All or nothing; allocates.
   *
   * @param plan where the regions are; those without the RUNTIME attribute are left out
   * @return what remains to be flushed
   * @throws IllegalStateException if it has been done before
   * @throws IllegalArgumentException if a virtual address is beyond what the mode can express or
   *     that of other memory, or a physical address is beyond the processor's
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public FlushToken addAliases(VirtualMap plan) {
    Objects.requireNonNull(plan, "plan");
    if (content.aliases() != NO_ALIASES) {
      throw new IllegalStateException(
          "aliases must be added once only: root=0x" + Long.toHexString(tables.root()));
    }
    List<PlannedRegion> runtime =
        plan.regions().stream().filter(region -> region.descriptor().isRuntime()).toList();
    return become(content.withAliases(VirtualMap.of(plan.window(), runtime)));
  }

  private FlushToken become(FullContent next) {
    PageRuns runs = next.runs();
    FlushToken token = new SpaceChange(tables, mapped, runs).make();
    content = next;
    mapped = runs;
    return token;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of regions with aliases, the descriptor has the virtual address.
   */
  @Override
  public EfiMemoryDescriptor nearestDescriptor(long address) {
    return lookup().nearest(address);
  }

  @Override
  public List<String> explain(FirmwareFault fault) {
    return fault.kind() == FaultKind.EXCEPTION
        ? List.of()
        : new FullMapExplanation(tables, lookup(), content).linesOf(fault);
  }

  private RegionLookup lookup() {
    return new RegionLookup(content.aliases(), content.map());
  }
}
