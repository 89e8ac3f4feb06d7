// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.Mapping;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.table.FrameSupply;
import java.util.List;
import java.util.Objects;

/**
 * An address space of x86: tables in frames of guest memory, with the bits that a processor reads.
 *
 * <p>Changes are for one thread at a time, never while a processor or a call uses the tables. They
 * allocate and do not block. All frames of a change are obtained before its first store, so that a
 * refused change leaves every byte as it was. New tables become reachable filled, by one store:
 * translating while another thread maps finds the old state of a page or the new one.
 *
 * <p>A range is mapped with the largest pages that are allowed and as aligned physically as
 * virtually. A page of which a part changes is split. Tables in which nothing is left are set free
 * at once; tables that have become uniform are turned back into large pages by {@link #join} only,
 * so that repeated changes of one range do not split and join in turn. Pages are a supervisor's;
 * entries that lead to tables restrict nothing.
 *
 * <p>In the modes of 32 bits, addresses above 4 GiB are not canonical. Where execution cannot be
 * forbidden ({@link PagingMode#LEGACY_32}, or without EFER.NXE) pages are executable whatever is
 * asked for.
 */
public final class PageTables implements AddressSpace {
  private final Tables tables;
  private final FrameSupply supply;
  private final long physicalEnd;
  private final int largestPageLevel;
  private final TlbFlush tlb;
  private final PageWalk walk;
  private boolean released;

  PageTables(
      Tables tables, FrameSupply supply, long physicalEnd, int largestPageLevel, TlbFlush tlb) {
    this.tables = tables;
    this.supply = supply;
    this.physicalEnd = physicalEnd;
    this.largestPageLevel = largestPageLevel;
    this.tlb = tlb;
    this.walk = new PageWalk(tables);
  }

  /**
   * Begins to describe tables.
   *
   * @param mode levels and entry size
   * @param memory where the tables lie
   * @param frames gives the frames for them
   * @return a builder with the defaults its methods name
   */
  public static PageTablesBuilder builder(
      PagingMode mode, GuestMemory memory, FrameAllocator frames) {
    return new PageTablesBuilder(mode, memory, frames);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Nothing remains to be flushed, except in PAE mode after a change of the root's entries.
   *
   * @throws IllegalArgumentException also if the page attribute table lacks the memory type, or the
   *     range lies in copied entries
   * @throws OutOfFramesException if the allocator cannot give the tables that are needed
   */
  @Override
  public FlushToken map(
      VirtualAddress virtual,
      PhysicalAddress physical,
      long lengthBytes,
      MappingAttributes attributes) {
    Objects.requireNonNull(attributes, "attributes");
    long first = virtual.value();
    long last = Refusals.requireRange(mode(), first, lengthBytes);
    long target = physical.value();
    if (target % PAGE_BYTES != 0 || lengthBytes > physicalEnd - target) {
      throw new IllegalArgumentException(
          "physical range must be aligned to 4096 and within the address width: first=0x"
              + Long.toHexString(target)
              + ", length=0x"
              + Long.toHexString(lengthBytes)
              + ", end=0x"
              + Long.toHexString(physicalEnd));
    }
    Change change = newChange();
    new MapRange(tables, change, largestPageLevel, first, last, target, attributes).make();
    return change.token(tlb, first, last);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if the range lies in copied entries
   * @throws OutOfFramesException if a large page must be split and there is no frame
   */
  @Override
  public FlushToken unmap(VirtualAddress virtual, long lengthBytes) {
    return edit(virtual, lengthBytes, EditRange.Kind.UNMAP, null);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The bits that attributes say nothing about stay as they are, except that D is cleared where
   * a page becomes read-only.
   *
   * @throws IllegalArgumentException also if the page attribute table lacks the memory type, or the
   *     range lies in copied entries
   * @throws OutOfFramesException if a large page must be split and there is no frame
   */
  @Override
  public FlushToken protect(
      VirtualAddress virtual, long lengthBytes, MappingAttributes attributes) {
    Objects.requireNonNull(attributes, "attributes");
    return edit(virtual, lengthBytes, EditRange.Kind.PROTECT, attributes);
  }

  /**
   * Makes the bounds of a mapped range bounds of pages: a large page that crosses one is split.
   * What is mapped stays the same. Afterwards the range can be unmapped and protected without any
   * frame, so without being refused.
   *
   * @param virtual first virtual address, a multiple of 4096
   * @param lengthBytes length, a positive multiple of 4096
   * @return what remains to be flushed
   * @throws IllegalArgumentException if a bound is not aligned, the range leaves the address space
   *     or lies in copied entries, or part of it is not mapped
   * @throws OutOfFramesException if a large page must be split and there is no frame
   */
  public FlushToken split(VirtualAddress virtual, long lengthBytes) {
    return edit(virtual, lengthBytes, EditRange.Kind.SPLIT, null);
  }

  private FlushToken edit(
      VirtualAddress virtual, long lengthBytes, EditRange.Kind kind, MappingAttributes orNull) {
    long first = virtual.value();
    long last = Refusals.requireRange(mode(), first, lengthBytes);
    Change change = newChange();
    new EditRange(tables, change, first, last, kind, orNull).make();
    return change.token(tlb, first, last);
  }

  /**
   * Turns tables back into large pages: each that lies wholly in the range, whose entries agree in
   * all but A and D and lead to one run of memory that is aligned to the larger page, where pages
   * of that size are allowed. What is mapped stays the same.
   *
   * @param virtual first virtual address, a multiple of 4096
   * @param lengthBytes length, a positive multiple of 4096; parts of it need not be mapped
   * @return what remains to be flushed
   * @throws IllegalArgumentException if a bound is not aligned or the range leaves the address
   *     space
   */
  public FlushToken join(VirtualAddress virtual, long lengthBytes) {
    long first = virtual.value();
    long last = Refusals.requireRange(mode(), first, lengthBytes);
    Change change = newChange();
    new JoinTables(tables, change, largestPageLevel).make(first, last);
    return change.token(tlb, first, last);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Reads the tables' bytes as a processor does, for a supervisor's access with CR0.WP set and
   * without SMEP and SMAP; sets neither A nor D. The detail of a fault is the error code of the
   * page fault ({@link PageFault}). A reserved bit is a {@link FaultKind#PROTECTION} with {@link
   * PageFault#RSVD}, also in a PDPTE of PAE mode, where a processor refuses the load of CR3. A
   * table outside guest memory is {@link FaultKind#NO_MEMORY}; whether there is memory behind the
   * address itself is not looked at.
   */
  @Override
  public long translate(long virtualAddress, Access access) {
    return released
        ? Translation.fault(FaultKind.NOT_MAPPED)
        : walk.translate(virtualAddress, access);
  }

  /**
   * {@inheritDoc}
   *
   * @return the value for CR3: the frame address of the root, with PWT, PCD and PCID clear
   */
  @Override
  public long root() {
    return tables.root();
  }

  /**
   * How the tables are walked.
   *
   * @return the mode given at creation
   */
  public PagingMode mode() {
    return tables.mode();
  }

  /**
   * Whether entries may have {@link EntryBits#NX} set. A processor takes that for a reserved bit
   * unless EFER.NXE is set.
   *
   * @return false in 32-bit paging and for tables made {@linkplain
   *     PageTablesBuilder#withoutExecuteDisable without it}
   */
  public boolean canForbidExecution() {
    return tables.format().executeDisable();
  }

  /**
   * Everything that is mapped, by ascending unsigned address, with pages that continue each other
   * joined. Pages that a reserved bit or a missing table keeps from being reached are left out.
   *
   * @return an immutable list
   */
  public List<Mapping> mappings() {
    requireUsable();
    return new MappingScan(tables).run();
  }

  /**
   * What a processor does with an address: each entry on the way with its place, its raw value, its
   * bits and the permissions so far, then the outcome of a load, a store and a fetch.
   *
   * @param virtual any address
   * @return lines of text
   */
  public List<String> explain(VirtualAddress virtual) {
    requireUsable();
    return new Explanation(tables, virtual.value()).run();
  }

  /**
   * The raw entry that translates an address at one level.
   *
   * @param level 1 to the mode's levels
   * @param virtual the address
   * @return the entry; 0 if there is no table of that level for the address, or a larger page
   * @throws IllegalArgumentException if there is no such level or the address is not canonical
   */
  public long entry(int level, VirtualAddress virtual) {
    requireUsable();
    requireLevel(level, 1);
    requireCanonical(virtual.value());
    long table = tables.root();
    for (int at = mode().levels(); at > level; at--) {
      long entry = tables.load(table, at, virtual.value());
      if (!EntryFormat.isPresent(entry) || tables.format().isLeaf(at, entry)) {
        return 0;
      }
      table = tables.format().tableFrame(entry);
    }
    return tables.load(table, level, virtual.value());
  }

  /**
   * The frame of the table that an entry leads to, for {@link #shareEntries}.
   *
   * @param entry a raw entry that is present and maps no page
   * @return address of the table
   */
  public PhysicalAddress tableOf(long entry) {
    return new PhysicalAddress(tables.format().tableFrame(entry));
  }

  /**
   * Keeps entries of a table equal to those of somebody else's. Nothing is copied before {@link
   * SharedEntries#sync}.
   *
   * @param source a table in guest memory, of the same mode
   * @param sourceIndex its first entry to copy
   * @param level level of both tables, at least 2
   * @param first an address that the first copy translates
   * @param count how many entries; all must lie in one table
   * @return the copies, to be synchronized as often as the source may have changed
   * @throws IllegalArgumentException if there is no such level, table or entry
   */
  public SharedEntries shareEntries(
      PhysicalAddress source, int sourceIndex, int level, VirtualAddress first, int count) {
    requireUsable();
    requireLevel(level, 2);
    requireCanonical(first.value());
    Refusals.requireOneTable(mode(), level, mode().index(level, first.value()), sourceIndex, count);
    Refusals.requireTable(tables, level, source);
    return new SharedEntries(
        this, tables, source.value(), sourceIndex, count, level, first.value());
  }

  /**
   * Keeps entries equal to those at the same place below another root, wherever that leads to at
   * the time. All frames are taken now: the tables on the way to the copies are made and stay, and
   * nothing of our own can be mapped where a copy may come. Nothing is copied before {@link
   * MirroredEntries#sync}.
   *
   * @param sourceRoot the other root, a table in guest memory, of the same mode
   * @param level level of the entries, not below that of the largest pages: so no page of the
   *     source can be in the way
   * @param first an address that the first entry translates
   * @param count how many entries; all must lie in one table
   * @return the copies
   * @throws IllegalArgumentException if there is no such level, table or entry, or something is
   *     mapped where a copy belongs
   * @throws OutOfFramesException if a table is needed and there is no frame
   */
  public MirroredEntries mirrorEntries(
      PhysicalAddress sourceRoot, int level, VirtualAddress first, int count) {
    requireUsable();
    requireLevel(level, 1);
    Refusals.requireAbovePages(mode(), level);
    requireCanonical(first.value());
    int index = mode().index(level, first.value());
    Refusals.requireOneTable(mode(), level, index, index, count);
    Refusals.requireTable(tables, mode().levels(), sourceRoot);
    MirrorPlaces places = new MirrorPlaces(tables, newChange(), level, first.value(), count);
    return new MirroredEntries(
        this, tables, sourceRoot.value(), level, first.value(), places.make(), count);
  }

  /**
   * Copies entries of another root into the same places of this one, as they are now.
   *
   * @param source the other root, a table in guest memory, of the same mode
   * @param firstIndex first entry to copy
   * @param lastIndex last entry to copy, inclusive
   * @return what remains to be flushed
   * @throws IllegalArgumentException if there is no such table or entry, or something else is
   *     mapped where a copy belongs
   */
  public FlushToken copyTopLevel(PhysicalAddress source, int firstIndex, int lastIndex) {
    int levels = mode().levels();
    if (firstIndex < 0 || lastIndex < firstIndex || lastIndex >= mode().entries(levels)) {
      throw new IllegalArgumentException(
          "entries must lie in the root: firstIndex="
              + firstIndex
              + ", lastIndex="
              + lastIndex
              + ", entries="
              + mode().entries(levels));
    }
    long first = mode().canonical(firstIndex * mode().span(levels));
    int count = lastIndex - firstIndex + 1;
    return shareEntries(source, firstIndex, levels, new VirtualAddress(first), count).sync();
  }

  /**
   * Gives all frames back, the root's included. Only when no processor has the root loaded or holds
   * a translation of it. Afterwards every address is not mapped, and changes are refused.
   */
  public void release() {
    Change change = newChange();
    change.retireTree(tables.root(), mode().levels());
    released = true;
    change.settle();
  }

  FlushToken change(SharedEntries entries) {
    Change change = newChange();
    entries.make(change);
    return change.token(tlb, entries.firstAddress(), entries.lastAddress());
  }

  boolean isReleased() {
    return released;
  }

  private Change newChange() {
    requireUsable();
    return new Change(tables, supply);
  }

  private void requireUsable() {
    if (released) {
      throw new IllegalStateException(
          "page tables must not have been released: root=0x" + Long.toHexString(tables.root()));
    }
  }

  private void requireLevel(int level, int lowest) {
    if (level < lowest || level > mode().levels()) {
      throw new IllegalArgumentException(
          "level must be one of the mode's: level=" + level + ", levels=" + mode().levels());
    }
  }

  private void requireCanonical(long address) {
    if (!mode().isCanonical(address)) {
      throw new IllegalArgumentException(
          "address must be canonical: address=0x" + Long.toHexString(address));
    }
  }
}
