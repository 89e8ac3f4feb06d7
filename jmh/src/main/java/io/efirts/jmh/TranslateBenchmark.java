// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.jmh;

import io.efirts.api.memory.Access;
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
 * A page walk in software, beside the least that a walk can be: as many loads from an array as the
 * walk reads entries, each with the value of the one before for its index. In both, each operation
 * begins with what the one before has found, so that none can overlap another. What is loaded stays
 * in the first-level cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
public class TranslateBenchmark {
  private static final long TABLES_BASE = 0x10_0000;
  private static final long TABLES_BYTES = 16L * AddressSpace.PAGE_BYTES;

  /** First address of the pages, both virtual and physical. */
  private static final long PAGES_BASE = 0x1_0000_0000L;

  /** Pages that are visited in turn; with 8 bytes for each, a few cache lines at every level. */
  private static final int PAGES = 64;

  /** Entries of each of the rival's tables. */
  private static final int TABLE_ENTRIES = 512;

  @Param({"FOUR_LEVEL", "FIVE_LEVEL"})
  private PagingMode mode;

  @Param({"FOUR_KIB", "TWO_MIB"})
  private PageSize pageSize;

  private Arena arena;
  private PageTables tables;
  private long address;

  private int loads;
  private long[] chain;
  private long start;

  /** For JMH. */
  public TranslateBenchmark() {}

  /** Maps each page to the next one, and links the rival's tables to a ring. */
  @Setup
  public void map() {
    arena = Arena.ofShared();
    MemoryRegion region =
        new MemoryRegion(
            new PhysicalAddress(TABLES_BASE),
            arena.allocate(TABLES_BYTES, AddressSpace.PAGE_BYTES));
    tables =
        PageTables.builder(
                mode, GuestMemory.of(List.of(region)), FrameBitmap.of(PageSize.FOUR_KIB, region))
            .largestPage(pageSize)
            .build();
    for (int i = 0; i < PAGES; i++) {
      FlushToken token =
          tables.map(
              new VirtualAddress(page(i)),
              new PhysicalAddress(page((i + 1) % PAGES)),
              pageSize.bytes(),
              MappingAttributes.DATA);
      token.flush();
    }
    address = page(0);
    loads = mode.levels() - (pageSize == PageSize.FOUR_KIB ? 0 : 1);
    chain = chain();
  }

  private long page(int i) {
    return PAGES_BASE + i * pageSize.bytes();
  }

  /** Each table's entries lead to the next table, those of the last one to the next start. */
  private long[] chain() {
    long[] entries = new long[loads * TABLE_ENTRIES];
    for (int table = 0; table < loads; table++) {
      for (int i = 0; i < PAGES; i++) {
        int next = table == loads - 1 ? (i + 1) % PAGES : (table + 1) * TABLE_ENTRIES + i;
        entries[table * TABLE_ENTRIES + i] = next;
      }
    }
    return entries;
  }

  /** Frees the tables. */
  @TearDown
  public void close() {
    arena.close();
  }

  /**
   * One translation.
   *
   * @return the physical address
   */
  @Benchmark
  public long translate() {
    address = tables.translate(address, Access.READ);
    return address;
  }

  /**
   * The dependent loads.
   *
   * @return the last value
   */
  @Benchmark
  public long dependentLoads() {
    long value = start;
    for (int i = 0; i < loads; i++) {
      value = chain[(int) value];
    }
    start = value;
    return value;
  }
}
