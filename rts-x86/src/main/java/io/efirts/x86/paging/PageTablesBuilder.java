// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.PageSize;
import io.efirts.api.paging.table.FrameSupply;
import java.util.Objects;

/** What {@link PageTables} have to know of the processor and of its embedder. For one thread. */
public final class PageTablesBuilder {
  private static final long BELOW_4_GIB = 0xFFFF_FFFFL;
  private static final int LEAST_PHYSICAL_BITS = 32;

  private final PagingMode mode;
  private final GuestMemory memory;
  private final FrameAllocator frames;
  private int physicalBits;
  private int largestPageLevel;
  private boolean executeDisable;
  private PatTypes patTypes = PatTypes.ALL_TYPES;
  private boolean global;
  private boolean accessed;
  private boolean rootBelow4GiB;
  private TlbFlush tlb = TlbFlush.UNCACHED;

  PageTablesBuilder(PagingMode mode, GuestMemory memory, FrameAllocator frames) {
    this.mode = Objects.requireNonNull(mode, "mode");
    this.memory = Objects.requireNonNull(memory, "memory");
    this.frames = Objects.requireNonNull(frames, "frames");
    this.physicalBits = mode.physicalBits();
    this.largestPageLevel = mode.largestPageLevel();
    this.executeDisable = mode != PagingMode.LEGACY_32;
  }

  /**
   * The processor's physical address width (MAXPHYADDR, CPUID leaf 80000008H, EAX bits 7:0). The
   * widest the mode can express if this is not called, and never more.
   *
   * @param bits 32 to 52
   * @return this
   * @throws IllegalArgumentException if no processor has that width
   */
  public PageTablesBuilder physicalBits(int bits) {
    if (bits < LEAST_PHYSICAL_BITS || bits > PagingMode.FOUR_LEVEL.physicalBits()) {
      throw new IllegalArgumentException(
          "physical address width must be 32 to 52 bits: bits=" + bits);
    }
    physicalBits = Math.min(bits, mode.physicalBits());
    return this;
  }

  /**
   * The largest pages that are made; the mode's largest if this is not called. Larger ones in
   * tables of somebody else are understood nevertheless.
   *
   * @param size a size of the mode
   * @return this
   * @throws IllegalArgumentException if the mode has no such pages
   */
  public PageTablesBuilder largestPage(PageSize size) {
    Objects.requireNonNull(size, "size");
    for (int level = 1; level <= mode.largestPageLevel(); level++) {
      if (mode.pageSize(level) == size) {
        largestPageLevel = level;
        return this;
      }
    }
    throw new IllegalArgumentException(
        "page size must be one of the mode's: size=" + size + ", mode=" + mode);
  }

  /**
   * EFER.NXE is clear: every page is executable, whatever is asked for, and bit 63 of an entry is
   * reserved. In 32-bit paging it is so anyway.
   *
   * @return this
   */
  public PageTablesBuilder withoutExecuteDisable() {
    executeDisable = false;
    return this;
  }

  /**
   * The page attribute table that the processors have; {@link PatTypes#ALL_TYPES} if this is not
   * called.
   *
   * @param types meaning of the entries' PAT, PCD and PWT
   * @return this
   */
  public PageTablesBuilder patTypes(PatTypes types) {
    patTypes = Objects.requireNonNull(types, "types");
    return this;
  }

  /**
   * Pages are made global: a load of CR3 does not remove them from a TLB.
   *
   * @return this
   */
  public PageTablesBuilder global() {
    global = true;
    return this;
  }

  /**
   * Entries are made with A set, and those of writable pages with D too, so that a processor never
   * stores into the tables. Without it they are made with both clear, and left to the processor.
   *
   * @return this
   */
  public PageTablesBuilder accessed() {
    accessed = true;
    return this;
  }

  /**
   * The root must lie below 4 GiB, as code needs that loads CR3 before it has left 32-bit mode. In
   * the modes of 32 bits it always does.
   *
   * @return this
   */
  public PageTablesBuilder rootBelow4GiB() {
    rootBelow4GiB = true;
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
   * @throws OutOfFramesException if there is no frame for the root where it must lie
   * @throws IllegalArgumentException if guest memory is not aligned to 8 bytes, so that entries
   *     could not be loaded in one access
   * @throws IllegalStateException if the allocator gives a frame that is not aligned, not in guest
   *     memory or beyond its limit
   */
  public PageTables build() {
    memory.regions().forEach(PageTablesBuilder::requireAligned);
    long maximum = mode == PagingMode.LEGACY_32 ? BELOW_4_GIB : (1L << physicalBits) - 1;
    boolean low = rootBelow4GiB || mode == PagingMode.PAE;
    long rootMaximum = low ? Math.min(maximum, BELOW_4_GIB) : maximum;
    long root = new FrameSupply(frames, memory, PageSize.FOUR_KIB, rootMaximum).take(1).get(0);
    EntryFormat format =
        new EntryFormat(mode, physicalBits, executeDisable, patTypes, global, accessed);
    TableMemory bytes = new TableMemory(memory, root, mode.entryBytes());
    bytes.clear(root);
    return new PageTables(
        new Tables(mode, format, bytes, root),
        new FrameSupply(frames, memory, PageSize.FOUR_KIB, maximum),
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
