// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.PageSize;
import io.efirts.api.paging.table.FrameSupply;
import java.util.Objects;
import java.util.Set;

/** What {@link PageTables} have to know of the processor and of its embedder. For one thread. */
public final class PageTablesBuilder {
  /** Those of ID_AA64MMFR0_EL1.PARange and TCR_EL1.IPS; the last with FEAT_LPA and FEAT_LPA2. */
  private static final Set<Integer> OUTPUT_SIZES = Set.of(32, 36, 40, 42, 44, 48, 52);

  private static final int MOST_ASIDS = 1 << 16;

  private final PagingMode mode;
  private final GuestMemory memory;
  private final FrameAllocator frames;
  private int physicalBits;
  private int largestPageLevel;
  private MairTypes mairTypes = MairTypes.FIRMWARE;
  private boolean global;
  private boolean guarded;
  private boolean contiguous;
  private int asid;
  private TlbFlush tlb = TlbFlush.UNCACHED;

  PageTablesBuilder(PagingMode mode, GuestMemory memory, FrameAllocator frames) {
    this.mode = Objects.requireNonNull(mode, "mode");
    this.memory = Objects.requireNonNull(memory, "memory");
    this.frames = Objects.requireNonNull(frames, "frames");
    this.physicalBits = mode.outputBits();
    this.largestPageLevel = mode.largestPageLevel();
  }

  /**
   * The output address size (TCR_EL1.IPS, as far as ID_AA64MMFR0_EL1.PARange allows it); what the
   * mode's entries can hold if this is not called.
   *
   * @param bits 32, 36, 40, 42, 44, 48 or 52
   * @return this
   * @throws IllegalArgumentException if it is none of these, or more than entries can hold
   */
  public PageTablesBuilder physicalBits(int bits) {
    if (!OUTPUT_SIZES.contains(bits) || bits > mode.outputBits()) {
      throw new IllegalArgumentException(
          "output address size must be 32, 36, 40, 42, 44, 48 or 52 bits and one of the mode's:"
              + " bits="
              + bits
              + ", mode="
              + mode);
    }
    physicalBits = bits;
    return this;
  }

  /**
   * The largest pages or blocks that are made; the granule's largest if this is not called. Larger
   * ones in tables of somebody else are understood nevertheless.
   *
   * @param size a size of the granule
   * @return this
   * @throws IllegalArgumentException if the granule has no such size
   */
  public PageTablesBuilder largestPage(PageSize size) {
    Objects.requireNonNull(size, "size");
    for (int level = mode.largestPageLevel(); level <= PagingMode.PAGE_LEVEL; level++) {
      if (mode.pageSize(level) == size) {
        largestPageLevel = level;
        return this;
      }
    }
    throw new IllegalArgumentException(
        "page size must be one of the granule's: size=" + size + ", granule=" + mode.granule());
  }

  /**
   * The memory types that the processors have; {@link MairTypes#FIRMWARE} if this is not called.
   *
   * @param types meaning of the entries' AttrIndx
   * @return this
   */
  public PageTablesBuilder mairTypes(MairTypes types) {
    mairTypes = Objects.requireNonNull(types, "types");
    return this;
  }

  /**
   * Pages are made global: their translations hold for every ASID. Without it nG is set. Not for an
   * address space that a firmware context enters and leaves.
   *
   * @return this
   */
  public PageTablesBuilder global() {
    global = true;
    return this;
  }

  /**
   * Executable pages are made guarded (FEAT_BTI): indirect branches into them must land on a BTI
   * instruction. For firmware whose memory attributes table says that its code has them.
   *
   * @return this
   */
  public PageTablesBuilder guarded() {
    guarded = true;
    return this;
  }

  /**
   * Runs of pages or blocks get the contiguous hint, so that a processor may keep one translation
   * for all of a run (Arm ARM, section D8.7.1): 16 entries with the granule of 4 KiB, 128 pages or
   * 32 blocks with 16 KiB, 32 entries with 64 KiB; not in blocks of 64 GiB and more. Without it the
   * hint is never set.
   *
   * <p>It is set where one change maps the whole of a run, or splits a larger block, and the memory
   * is as aligned as the run. It goes when a part of the run is changed, from all of the run, which
   * is not mapped until that change is flushed; it does not come back before the run is mapped
   * again.
   *
   * @return this
   */
  public PageTablesBuilder contiguous() {
    contiguous = true;
    return this;
  }

  /**
   * The address space's ASID, which the root carries in its bits 63:48; 0 if this is not called.
   *
   * @param id 0 to 65535, or to 255 on processors with 8 bits
   * @return this
   * @throws IllegalArgumentException if it does not fit 16 bits
   */
  public PageTablesBuilder asid(int id) {
    if (id < 0 || id >= MOST_ASIDS) {
      throw new IllegalArgumentException("address space id must fit 16 bits: id=" + id);
    }
    asid = id;
    return this;
  }

  /**
   * What {@link io.efirts.api.memory.FlushToken#flush} does; nothing if this is not called.
   *
   * @param flush reaches every processor that may have the root loaded
   * @return this
   */
  public PageTablesBuilder tlbFlush(TlbFlush flush) {
    tlb = Objects.requireNonNull(flush, "flush");
    return this;
  }

  /**
   * Makes tables that map nothing. Takes one frame, the root's.
   *
   * @return the tables
   * @throws OutOfFramesException if there is no frame for the root
   * @throws IllegalArgumentException if guest memory is not aligned to 8 bytes, so that entries
   *     could not be loaded in one access
   * @throws IllegalStateException if the allocator gives a frame that is not aligned, not in guest
   *     memory as a whole, or beyond its limit
   */
  public PageTables build() {
    memory.regions().forEach(PageTablesBuilder::requireAligned);
    int tableBytes = mode.granule().bytes();
    FrameSupply supply =
        new FrameSupply(frames, memory, mode.granule().page(), (1L << physicalBits) - 1);
    long root = supply.take(1).get(0);
    EntryFormat format = new EntryFormat(mode, physicalBits, mairTypes, global, guarded);
    TableMemory bytes = new TableMemory(memory, root, tableBytes);
    bytes.clear(root);
    return new PageTables(
        new Tables(mode, format, bytes, new BrokenEntries(bytes, tableBytes), root, contiguous),
        supply,
        PagingMode.rootWord(asid, root),
        1L << physicalBits,
        largestPageLevel,
        tlb);
  }

  private static void requireAligned(MemoryRegion region) {
    if (region.bytes().maxByteAlignment() < Long.BYTES) {
      throw new IllegalArgumentException(
          "guest memory must be aligned to 8 bytes: region="
              + region.base()
              + ", alignment="
              + region.bytes().maxByteAlignment());
    }
  }
}
