// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MissingDescriptor;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.FlushTokens;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.space.layout.IdentityMap;
import io.efirts.api.space.layout.RegionLookup;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.x86.paging.MirroredEntries;
import io.efirts.x86.paging.PageFault;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PageTablesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The isolated address space in which firmware is called: every planned region at its physical
 * address and, where it was placed, at its virtual address, and nothing else of firmware's. Besides
 * there are page 0, device registers, ranges that the host has added, and the upper part of the
 * host ({@link HostTables}). Of the host's lower part there is nothing.
 *
 * <p>Regions are writable; those of runtime and boot services code are executable, until {@link
 * #virtualAddressMapSet} takes permissions away. They are mapped write-back if their attributes
 * have WB, else uncached.
 *
 * <p>Both aliases of a region lead to the same frames with the same permissions and memory type at
 * any time (I-22).
 *
 * <p>All but {@link #explain}, {@link #missingDescriptor} and {@link #nearestDescriptor} is for one
 * thread at a time, and except {@link #prepareEntry} never while a call is inside the firmware;
 * these three are for any thread that sees the last change. Nothing blocks.
 */
public final class EfiAddressSpace implements FirmwareSpace<PageTables> {
  private final PageTables tables;
  private final MirroredEntries[] shared;
  private final RegionLookup lookup;
  private SpaceContent content;
  private IdentityMap identity;
  private boolean virtual;

  EfiAddressSpace(
      PageTables tables,
      SpaceContent content,
      IdentityMap identity,
      List<MirroredEntries> shared,
      RegionLookup lookup) {
    this.tables = tables;
    this.content = content;
    this.identity = identity;
    this.shared = shared.toArray(MirroredEntries[]::new);
    this.lookup = lookup;
  }

  /**
   * Begins to describe an address space.
   *
   * @param tables what the tables have to know; makes them when the address space is built
   * @param plan the regions and their virtual addresses
   * @return a builder that shares nothing with a host and has no further ranges
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
   * Copies what the host has changed in its upper part since the last entry (I-23), as {@link
   * MirroredEntries#sync} does. {@inheritDoc}
   */
  @Override
  public void prepareEntry() {
    for (MirroredEntries entries : shared) {
      entries.sync();
    }
  }

  /**
   * Maps a range at its physical address. Pages that are mapped there already stay as they are;
   * those of them that are boot services memory stay mapped when that goes, as given here. All or
   * nothing; allocates.
   *
   * @param range the pages and how to map them
   * @return what remains to be flushed
   * @throws IllegalArgumentException if the address is beyond what the mode can express, or is
   *     another region's virtual address
   * @throws io.efirts.api.paging.OutOfFramesException if there are not enough frames
   */
  public FlushToken mapIdentically(MappedPages range) {
    List<MappedPages> missing = identity.missing(Objects.requireNonNull(range, "range"));
    FlushToken token = mapAll(missing);
    missing.forEach(identity::add);
    content = content.with(range);
    return token;
  }

  private FlushToken mapAll(List<MappedPages> missing) {
    FlushTokens tokens = new FlushTokens();
    int mapped = 0;
    try {
      for (MappedPages pages : missing) {
        tokens.add(PageRun.identical(pages).map(tables));
        mapped++;
      }
      return tokens.orNone();
    } finally {
      if (mapped < missing.size()) {
        missing.subList(0, mapped).forEach(pages -> PageRun.identical(pages).unmap(tables).flush());
      }
    }
  }

  /**
   * Ends the time of boot services: SetVirtualAddressMap has returned with success. Boot services
   * memory without the RUNTIME attribute goes from both aliases (I-25), except pages that a further
   * range needs, and page 0; runtime regions lose what firmware's memory attributes take away, in
   * both aliases, and gain nothing. All or nothing; allocates.
   *
   * @param permissions what the memory attributes table says
   * @return what remains to be flushed
   * @throws IllegalStateException if it has been done before
   * @throws IllegalArgumentException if a page of it was unmapped through {@link #tables}
   * @throws io.efirts.api.paging.OutOfFramesException if a large page must be split and there is no
   *     frame; can be tried again
   */
  public FlushToken virtualAddressMapSet(RuntimePermissions permissions) {
    Objects.requireNonNull(permissions, "permissions");
    if (virtual) {
      throw new IllegalStateException(
          "virtual address map must be set once only: root=0x" + Long.toHexString(tables.root()));
    }
    SpaceContent after = content.afterBootServices(permissions);
    IdentityMap identityAfter = after.identity();
    FlushToken token = new BootServicesExit(tables, content, identity, after, identityAfter).make();
    content = after;
    identity = identityAfter;
    virtual = true;
    return token;
  }

  /**
   * What firmware could write and then run: empty where W^X holds. The host's part is not looked
   * at. Allocates.
   *
   * @return pages in physical order; as the processor sees them, so everything that is writable
   *     where execution cannot be forbidden
   */
  public List<MappedPages> writableAndExecutable() {
    List<MappedPages> found = new ArrayList<>();
    for (MappedPages pages : identity.all()) {
      long first = pages.physicalStart();
      if (!Translation.isFault(tables.translate(first, Access.WRITE))
          && !Translation.isFault(tables.translate(first, Access.EXECUTE))) {
        MappingAttributes both = new MappingAttributes(true, true, pages.attributes().cacheType());
        found.add(new MappedPages(first, pages.pages(), both));
      }
    }
    return List.copyOf(found);
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
        "%s of 0x%x: %s, error code %s"
            .formatted(
                fault.access(), fault.address(), fault.kind(), PageFault.describe(fault.detail())));
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
