// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.jmh;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A large range mapped by one call into empty tables, frames for new tables included, beside an
 * array that is filled with as many entries. Both write memory that was written before; unmapping
 * is not measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 30)
@Measurement(iterations = 30)
@Fork(5)
public class MapBenchmark {
  private static final long TABLES_BASE = 0x10_0000;
  private static final long PHYSICAL_BASE = 0x1_0000_0000L;

  /** Where nothing was mapped before, and a table of every level begins. */
  private static final long VIRTUAL_BASE = 0xFFFF_8000_0000_0000L;

  /** For tables above those that hold the pages' entries. */
  private static final long MORE_BYTES = 1 << 20;

  /** What is mapped, by which pages. */
  public enum Range {
    /** 16 Mi entries. */
    GIB_64_BY_4_KIB(64L << 30, PageSize.FOUR_KIB),
    /** 512 Ki entries. */
    TIB_1_BY_2_MIB(1L << 40, PageSize.TWO_MIB);

    private final long lengthBytes;
    private final PageSize pageSize;

    Range(long lengthBytes, PageSize pageSize) {
      this.lengthBytes = lengthBytes;
      this.pageSize = pageSize;
    }

    private int entries() {
      return Math.toIntExact(lengthBytes / pageSize.bytes());
    }
  }

  @Param private Range range;

  private Arena arena;
  private PageTables tables;
  private FlushToken mapped;
  private long[] entries;

  /** For JMH. */
  public MapBenchmark() {}

  /** Makes empty tables, and the array. */
  @Setup
  public void start() {
    arena = Arena.ofShared();
    long tablesBytes = (long) range.entries() * Long.BYTES + MORE_BYTES;
    MemoryRegion region =
        new MemoryRegion(
            new PhysicalAddress(TABLES_BASE), arena.allocate(tablesBytes, AddressSpace.PAGE_BYTES));
    tables =
        PageTables.builder(
                PagingMode.FOUR_LEVEL,
                GuestMemory.of(List.of(region)),
                FrameBitmap.of(PageSize.FOUR_KIB, region))
            .largestPage(range.pageSize)
            .build();
    entries = new long[range.entries()];
  }

  /** Makes the tables empty again after a mapping. */
  @TearDown(Level.Invocation)
  public void unmap() {
    if (mapped != null) {
      mapped.flush();
      tables.unmap(new VirtualAddress(VIRTUAL_BASE), range.lengthBytes).flush();
      mapped = null;
    }
  }

  /** Frees the tables. */
  @TearDown
  public void close() {
    arena.close();
  }

  /**
   * Maps the range.
   *
   * @return what remains to be flushed
   */
  @Benchmark
  public FlushToken map() {
    mapped =
        tables.map(
            new VirtualAddress(VIRTUAL_BASE),
            new PhysicalAddress(PHYSICAL_BASE),
            range.lengthBytes,
            MappingAttributes.DATA);
    return mapped;
  }

  /**
   * Fills the array.
   *
   * @return the array
   */
  @Benchmark
  public long[] fill() {
    long step = range.pageSize.bytes();
    long entry = PHYSICAL_BASE | 3;
    for (int i = 0; i < entries.length; i++) {
      entries[i] = entry;
      entry += step;
    }
    return entries;
  }
}
