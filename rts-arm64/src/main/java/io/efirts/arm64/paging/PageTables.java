// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

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
 * An address space of arm64, as TTBR0_EL1 leads to it: tables in frames of guest memory, with the
 * bits that a processor reads. What TTBR1_EL1 translates is not part of it.
 *
 * <p>Ranges must be multiples of the granule at both ends, virtually and physically; rounding them
 * is for whoever knows what else lies in the page.
 *
 * <p>Changes are for one thread at a time, never while a processor or a call uses the tables. They
 * allocate and do not block. All frames of a change are obtained before its first store, so that a
 * refused change leaves every byte as it was. New tables become reachable filled, by one store:
 * translating while another thread maps finds the old state of a page or the new one.
 *
 * <p>A valid entry never becomes another valid one that leads elsewhere, is of another size or
 * memory type (break-before-make: Arm ARM, section D8.16.1; a processor that holds both may mix
 * them up or abort). Where a change needs that, because it splits or joins a block or sets another
 * memory type, it stores an invalid entry, and its token stores the new one, by {@link
 * FlushToken#flush} after the embedder's {@link TlbFlush}, or by {@link FlushToken#ignore} at once.
 * Until then <em>all</em> that the entry translates is not mapped, the untouched part of a split
 * block too: every token must be used before the address space is. The same goes for a run with the
 * contiguous hint of which a part is changed. Permissions alone change at once. Changes may build
 * on each other before they are flushed; an entry that several of them touched is made by the first
 * of their tokens.
 *
 * <p>A range is mapped with the largest blocks that are allowed and as aligned physically as
 * virtually. A block of which a part changes is split. Tables in which nothing is left are set free
 * at once; tables that have become uniform are turned back into blocks by {@link #join} only, so
 * that repeated changes of one range do not split and join in turn. Pages are EL1's, inner
 * shareable (in the entry, or where {@link PagingMode#isLpa2} by TCR_EL1.SH0), with AF set, and
 * never executable at EL0; the contiguous hint is set only if {@link PageTablesBuilder#contiguous}
 * asks for it; entries that lead to tables restrict nothing.
 */
public final class PageTables implements AddressSpace {
  private final Tables tables;
  private final FrameSupply supply;
  private final long rootWord;
  private final long physicalEnd;
  private final int largestPageLevel;
  private final TlbFlush tlb;
  private final PageWalk walk;
  private boolean released;

  PageTables(
      Tables tables,
      FrameSupply supply,
      long rootWord,
      long physicalEnd,
      int largestPageLevel,
      TlbFlush tlb) {
    this.tables = tables;
    this.supply = supply;
    this.rootWord = rootWord;
    this.physicalEnd = physicalEnd;
    this.largestPageLevel = largestPageLevel;
    this.tlb = tlb;
    this.walk = new PageWalk(tables);
  }

  /**
   * Begins to describe tables.
   *
   * @param mode granule and address size
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
   * <p>Nothing remains to be flushed, unless what was mapped there before has not been flushed yet.
   *
   * @throws IllegalArgumentException also if MAIR_EL1 lacks the memory type
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
    if (target % mode().granule().bytes() != 0 || lengthBytes > physicalEnd - target) {
      throw new IllegalArgumentException(
          "physical range must be aligned to "
              + mode().granule().bytes()
              + " and within the output address size: first=0x"
              + Long.toHexString(target)
              + ", length=0x"
              + Long.toHexString(lengthBytes)
              + ", end=0x"
              + Long.toHexString(physicalEnd));
    }
    Change change = newChange();
    new MapRange(tables, change, largestPageLevel, first, last, target, attributes).make();
    return change.token(tlb, rootWord, first, last);
  }

  /**
   * {@inheritDoc}
   *
   * @throws OutOfFramesException if a block must be split and there is no frame
   */
  @Override
  public FlushToken unmap(VirtualAddress virtual, long lengthBytes) {
    return edit(virtual, lengthBytes, EditRange.Kind.UNMAP, null);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The bits that attributes say nothing about stay as they are, except that DBM is cleared
   * where a page becomes read-only.
   *
   * @throws IllegalArgumentException also if MAIR_EL1 lacks the memory type
   * @throws OutOfFramesException if a block must be split and there is no frame
   */
  @Override
  public FlushToken protect(
      VirtualAddress virtual, long lengthBytes, MappingAttributes attributes) {
    Objects.requireNonNull(attributes, "attributes");
    return edit(virtual, lengthBytes, EditRange.Kind.PROTECT, attributes);
  }

  /**
   * Makes the bounds of a mapped range bounds of pages: a block that crosses one is split, and a
   * run with the contiguous hint that does loses it. What is mapped stays the same once the token
   * was used; until then the block or run is not mapped. Afterwards the range can be unmapped and
   * protected without any frame, so without being refused, and permissions in it change at once.
   *
   * @param virtual first virtual address, a multiple of the granule
   * @param lengthBytes length, a positive multiple of the granule
   * @return what remains to be flushed
   * @throws IllegalArgumentException if a bound is not aligned, the range leaves the address space,
   *     or part of it is not mapped
   * @throws OutOfFramesException if a block must be split and there is no frame
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
    return change.token(tlb, rootWord, first, last);
  }

  /**
   * Turns tables back into blocks: each that lies wholly in the range, whose entries agree and lead
   * to one run of memory that is aligned to the block, where blocks of that size are allowed. What
   * is mapped stays the same once the token was used; until then the blocks are not mapped.
   *
   * @param virtual first virtual address, a multiple of the granule
   * @param lengthBytes length, a positive multiple of the granule; parts of it need not be mapped
   * @return what remains to be flushed
   * @throws IllegalArgumentException if a bound is not aligned or the range leaves the address
   *     space
   */
  public FlushToken join(VirtualAddress virtual, long lengthBytes) {
    long first = virtual.value();
    long last = Refusals.requireRange(mode(), first, lengthBytes);
    Change change = newChange();
    new JoinTables(tables, change, largestPageLevel).make(first, last);
    return change.token(tlb, rootWord, first, last);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Reads the tables' bytes as a processor does, for an access by EL1 with PSTATE.PAN,
   * SCTLR_EL1.WXN and TCR_EL1.TBI0, HPD0, HA and HD clear. The detail of a fault is what ESR_EL1
   * would hold ({@link Syndrome}). A clear AF is a {@link FaultKind#PROTECTION}; an entry that
   * leads beyond the output address size, and a table outside guest memory, is {@link
   * FaultKind#NO_MEMORY}. Whether there is memory behind the address itself is not looked at, nor
   * whether a branch into a guarded page lands where it may.
   */
  @Override
  public long translate(long virtualAddress, Access access) {
    return released
        ? Translation.fault(
            FaultKind.NOT_MAPPED, Syndrome.abort(access, Syndrome.TRANSLATION, mode().rootLevel()))
        : walk.translate(virtualAddress, access);
  }

  /**
   * {@inheritDoc}
   *
   * @return the value for TTBR0_EL1: the frame address of the root, its bits 51:48 in bits 5:2, and
   *     in bits 63:48 the ASID; CnP clear
   */
  @Override
  public long root() {
    return rootWord;
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
   * What the entries' AttrIndx means.
   *
   * @return the types given at creation
   */
  public MairTypes mairTypes() {
    return tables.format().mairTypes();
  }

  /**
   * The output address size.
   *
   * @return the bits given at creation, or the mode's
   */
  public int physicalBits() {
    return Long.numberOfTrailingZeros(physicalEnd);
  }

  /**
   * Whether pages are made global, so that their translations hold for every ASID.
   *
   * @return as given at creation
   */
  public boolean isGlobal() {
    return tables.format().isGlobal();
  }

  /**
   * Everything that is mapped, by ascending address, with pages that continue each other joined.
   * What waits for a flush is left out, as are pages that a processor could not reach.
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
   * The raw entry that translates an address at one level, as it is in memory.
   *
   * @param level the mode's root level to 3
   * @param virtual the address
   * @return the entry; 0 if there is no table of that level for the address, or a block above it
   * @throws IllegalArgumentException if there is no such level or no table translates the address
   */
  public long entry(int level, VirtualAddress virtual) {
    requireUsable();
    requireLevel(level);
    requireCanonical(virtual.value());
    long table = tables.root();
    for (int at = mode().rootLevel(); at < level; at++) {
      long entry = tables.memory().load(table, mode().index(at, virtual.value()));
      if (!tables.format().isValid(at, entry) || tables.format().isLeaf(at, entry)) {
        return 0;
      }
      table = tables.format().tableFrame(entry);
    }
    return tables.memory().load(table, mode().index(level, virtual.value()));
  }

  /**
   * Gives all frames back, the root's included. Only when no processor has the root loaded or holds
   * a translation of it. Afterwards every address is not mapped, and changes are refused.
   */
  public void release() {
    Change change = newChange();
    change.retireTree(tables.root(), mode().rootLevel());
    released = true;
    change.settle();
  }

  private Change newChange() {
    requireUsable();
    return new Change(tables, supply);
  }

  private void requireUsable() {
    if (released) {
      throw new IllegalStateException(
          "page tables must not have been released: root=0x" + Long.toHexString(rootWord));
    }
  }

  private void requireLevel(int level) {
    if (level < mode().rootLevel() || level > PagingMode.PAGE_LEVEL) {
      throw new IllegalArgumentException(
          "level must be one of the mode's: level=" + level + ", first=" + mode().rootLevel());
    }
  }

  private void requireCanonical(long address) {
    if (!mode().isCanonical(address)) {
      throw new IllegalArgumentException(
          "address must be one that the tables translate: address=0x"
              + Long.toHexString(address)
              + ", bits="
              + mode().virtualBits());
    }
  }
}
