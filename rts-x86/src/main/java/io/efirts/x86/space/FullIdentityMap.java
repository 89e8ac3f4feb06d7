// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.api.space.layout.IdentityReach;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.x86.paging.MirroredEntries;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PageTablesBuilder;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The address space in which nothing is missing: all memory at its physical addresses, and the
 * runtime regions at their virtual addresses too once they have any. SetVirtualAddressMap is called
 * in it, because firmware is at its physical addresses until that has returned and may go anywhere;
 * and so is firmware in an emergency, when a call must not fail for want of a mapping.
 *
 * <p>Every region is readable, writable and executable, whatever its type and attributes: of all
 * address spaces this one alone is exempt from I-22. It is mapped write-back if its attributes have
 * WB, else uncached. The root lies below 4 GiB, so that code can load it that has not yet left
 * 32-bit mode. With pages of 1 GiB, a frame of tables maps 512 GiB.
 *
 * <p>In the modes of 32 bits memory above 4 GiB has no virtual address that equals its physical
 * one; the same holds for memory beyond the lower half of a 64-bit address space. It is not mapped
 * and {@link #notMapped} has it.
 *
 * <p>All but {@link #explain}, {@link #nearestDescriptor} and {@link #notMapped} is for one thread
 * at a time, and except {@link #prepareEntry} never while a call is inside the firmware; these
 * three are for any thread that sees the last change. Nothing blocks.
 */
public final class FullIdentityMap implements FirmwareSpace<PageTables> {
  private static final VirtualMap NO_ALIASES =
      VirtualMap.of(VirtualAddressPlanner.LINUX_WINDOW, List.of());

  private final PageTables tables;
  private final MirroredEntries[] shared;
  private final IdentityReach reach;
  private final IdentityMap identity = new IdentityMap();
  private MemoryMap map;
  private VirtualMap aliases = NO_ALIASES;
  private List<MappedPages> notMapped = List.of();

  /** Maps a memory map and further ranges into tables in which nothing is mapped. */
  FullIdentityMap(
      PageTables tables, List<MirroredEntries> shared, MemoryMap map, List<MappedPages> ranges) {
    this.tables = tables;
    this.shared = shared.toArray(MirroredEntries[]::new);
    this.reach = new IdentityReach(tables.mode().identityEnd());
    this.map = map;
    List<MappedPages> all = new ArrayList<>(UnrestrictedRuns.identical(map.regions()));
    all.addAll(ranges);
    for (MappedPages range : all) {
      mapIdentically(range).ignore();
    }
  }

  /**
   * Begins to describe an address space.
   *
   * @param tables what the tables have to know; makes them when the address space is built, with
   *     the root below 4 GiB
   * @param map all memory
   * @return a builder that shares nothing with a host and has no further ranges or aliases
   */
  public static FullIdentityMapBuilder builder(PageTablesBuilder tables, MemoryMap map) {
    return new FullIdentityMapBuilder(tables, map);
  }

  @Override
  public PageTables tables() {
    return tables;
  }

  /**
   * Copies what the host has changed in its upper part since the last entry (I-23), as {@link
   * MirroredEntries#sync} does; what is the address space's own never changes. {@inheritDoc}
   */
  @Override
  public void prepareEntry() {
    for (MirroredEntries entries : shared) {
      entries.sync();
    }
  }

  /**
   * Memory that is not mapped at its physical address because there is no such virtual address: all
   * above 4 GiB in the modes of 32 bits.
   *
   * @return an immutable list, what was added last at its end; in 64-bit modes empty on any machine
   *     there is
   */
  public List<MappedPages> notMapped() {
    return notMapped;
  }

  /**
   * Maps memory that was added to the machine later. Pages that a further range has stay as they
   * are. All or nothing; allocates.
   *
   * @param region the memory
   * @return what remains to be flushed
   * @throws IllegalArgumentException if it cannot be a region of the map or overlaps one of its
   *     regions, is beyond the processor's physical addresses, or something else is mapped there
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public FlushToken add(EfiMemoryDescriptor region) {
    List<EfiMemoryDescriptor> regions = new ArrayList<>(map.regions());
    regions.add(Objects.requireNonNull(region, "region"));
    MemoryMap grown = MemoryMap.of(regions);
    FlushToken token = mapIdentically(UnrestrictedRuns.identical(List.of(region)).getFirst());
    map = grown;
    return token;
  }

  private FlushToken mapIdentically(MappedPages range) {
    List<MappedPages> missing =
        reach.within(range).stream().flatMap(part -> identity.missing(part).stream()).toList();
    FlushToken token = RunMapping.map(tables, missing.stream().map(PageRun::identical).toList());
    missing.forEach(identity::add);
    List<MappedPages> beyond = new ArrayList<>(notMapped);
    beyond.addAll(reach.beyond(range));
    notMapped = List.copyOf(beyond);
    return token;
  }

  /**
   * Maps the runtime regions at their virtual addresses as well: before SetVirtualAddressMap is
   * called, or once it has returned. Regions that are not placed, or placed at their physical
   * address, have no other. Once only. All or nothing; allocates.
   *
   * @param plan where the regions are; those without the RUNTIME attribute are left out
   * @return what remains to be flushed
   * @throws IllegalStateException if it has been done before
   * @throws IllegalArgumentException if a virtual address is beyond what the mode can express, the
   *     host's, or that of other memory, or a physical address is beyond the processor's
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public FlushToken addAliases(VirtualMap plan) {
    VirtualMap runtime = Objects.requireNonNull(plan, "plan").runtime();
    if (aliases != NO_ALIASES) {
      throw new IllegalStateException(
          "aliases must be added once only: root=0x" + Long.toHexString(tables.root()));
    }
    FlushToken token = RunMapping.map(tables, UnrestrictedRuns.virtual(runtime.regions()));
    aliases = runtime;
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
        : new FullMapExplanation(tables, lookup(), identity, reach).linesOf(fault);
  }

  private RegionLookup lookup() {
    return new RegionLookup(aliases, map);
  }
}
