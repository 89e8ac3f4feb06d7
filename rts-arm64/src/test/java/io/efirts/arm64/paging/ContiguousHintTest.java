// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.arm64.paging.Guest.GIB;
import static io.efirts.arm64.paging.Guest.KIB;
import static io.efirts.arm64.paging.Guest.MIB;
import static io.efirts.arm64.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.PageSize;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contiguous hint, bit 52, is in all entries of a run or in none: a run has the entries and the
 * alignment of the manual (Arm ARM, table D8-104), and loses the hint by break-before-make.
 */
class ContiguousHintTest {
  private static final long HINT = 1L << 52;
  private static final long RUN = 64 * KIB;

  private final Guest guest = new Guest(Granule.FOUR_KIB, 64);
  private final List<String> flushed = new ArrayList<>();
  private final PageTables tables =
      guest
          .builder()
          .contiguous()
          .tlbFlush((root, first, last) -> flushed.add("%x-%x".formatted(first, last)))
          .build();

  private static boolean isHinted(PageTables tables, int level, long address) {
    long entry = tables.entry(level, new VirtualAddress(address));
    assertEquals(1, entry & 1, () -> "not valid: " + Long.toHexString(address));
    return (entry & HINT) != 0;
  }

  private int hinted(long from, long to) {
    int count = 0;
    for (long at = from; at < to; at += PAGE) {
      count += (tables.entry(3, new VirtualAddress(at)) & HINT) == 0 ? 0 : 1;
    }
    return count;
  }

  /** From the last entry of a run through two runs to the first of another. */
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB,       48, 3, FOUR_KIB,                16",
    "FOUR_KIB,       48, 2, TWO_MIB,                 16",
    "FOUR_KIB,       48, 1, ONE_GIB,                 16",
    "FOUR_KIB,       52, 1, ONE_GIB,                 16",
    "SIXTEEN_KIB,    48, 3, SIXTEEN_KIB,             128",
    "SIXTEEN_KIB,    48, 2, THIRTY_TWO_MIB,          32",
    "SIXTEEN_KIB,    52, 2, THIRTY_TWO_MIB,          32",
    "SIXTY_FOUR_KIB, 48, 3, SIXTY_FOUR_KIB,          32",
    "SIXTY_FOUR_KIB, 48, 2, FIVE_HUNDRED_TWELVE_MIB, 32",
    "SIXTY_FOUR_KIB, 52, 3, SIXTY_FOUR_KIB,          32"
  })
  void aRunIsAlignedAndWhole(
      Granule granule, int virtualBits, int level, PageSize size, int entries) {
    Guest own = new Guest(granule, 8);
    long unit = size.bytes();
    long run = entries * unit;
    for (boolean inUse : new boolean[] {false, true}) {
      PageTables made = own.builder(virtualBits).largestPage(size).contiguous().build();
      if (inUse) {
        Guest.map(made, 0, 0, unit, DATA);
      }
      Guest.map(made, 2 * run - unit, 3 * run - unit, 2 * run + 2 * unit, DATA);
      for (long at = 2 * run - unit; at <= 4 * run; at += unit) {
        boolean within = at >= 2 * run && at < 4 * run;
        assertEquals(within, isHinted(made, level, at), Long.toHexString(at));
        assertEquals(at + run, made.translate(at, Access.WRITE));
      }
      made.release();
    }
  }

  /** Whose hint is reserved. */
  @ParameterizedTest
  @CsvSource({"FOUR_KIB, 0", "SIXTEEN_KIB, 1", "SIXTY_FOUR_KIB, 1"})
  void theLargestBlocksOf52BitsHaveNoRuns(Granule granule, int level) {
    Guest own = new Guest(granule, 8);
    PageTables made = own.builder(52).contiguous().build();
    long block = made.mode().span(level);
    Guest.map(made, 0, 0, 128 * block, DATA);
    for (int i = 0; i < 128; i++) {
      assertEquals(false, isHinted(made, level, i * block));
    }
  }

  @Test
  void nothingHasTheHintUnlessItIsAskedFor() {
    PageTables plain = guest.builder().build();
    Guest.map(plain, 0, 0, 2 * MIB - PAGE, DATA);
    for (long at = 0; at < 2 * MIB - PAGE; at += PAGE) {
      assertEquals(false, isHinted(plain, 3, at));
    }
  }

  @Test
  void memoryMustBeAsAlignedAsTheRun() {
    Guest.map(tables, 0, PAGE, 2 * RUN, DATA);
    assertEquals(0, hinted(0, 2 * RUN));
    Guest.map(tables, 2 * RUN, 5 * RUN, RUN - PAGE, DATA);
    Guest.map(tables, 3 * RUN - PAGE, 6 * RUN - PAGE, PAGE, DATA);
    assertEquals(0, hinted(0, 3 * RUN), "not mapped by one change");
  }

  @Test
  void theLastEntriesOfATableAndTheWordOfOne() {
    Guest.map(tables, 2 * MIB - RUN, 4 * MIB - RUN, RUN, DATA);
    assertEquals(
        0x0070_0000_003F_0F0FL, tables.entry(3, new VirtualAddress(2 * MIB - RUN)), "raw entry");
    assertTrue(
        tables
            .explain(new VirtualAddress(2 * MIB - 1))
            .contains(
                "L3[511] at 0x103ff8 = 0x00700000003fff0f: 4 KiB page 0x3ff000 VALID TABLE ATTR3"
                    + " SH3 AF nG CONTIGUOUS PXN UXN, so far rw- WRITE_BACK"));
  }

  /** The whole run is invalid until the flush, which reaches all of it. */
  @Test
  void aPartThatChangesTakesTheHintFromTheWholeRun() {
    Guest.map(tables, 0, 0, 3 * RUN, DATA);
    FlushToken token = Guest.protecting(tables, RUN + 5 * PAGE, PAGE, READ_ONLY);
    for (int i = 0; i < 16; i++) {
      assertEquals(0, tables.entry(3, new VirtualAddress(RUN + i * PAGE)));
    }
    token.flush();
    assertEquals(List.of("10000-1ffff"), flushed);
    assertEquals(0, hinted(RUN, 2 * RUN));
    assertEquals(16, hinted(0, RUN));
    assertEquals(16, hinted(2 * RUN, 3 * RUN));
    for (int i = 0; i < 16; i++) {
      long translation = tables.translate(RUN + i * PAGE, Access.WRITE);
      assertEquals(i == 5, Translation.isFault(translation));
    }
  }

  /** Both runs in which the range ends, and not the one between them. */
  @Test
  void aRangeTakesTheHintFromTheRunsItEndsIn() {
    Guest.map(tables, 0, 0, 4 * RUN, DATA);
    Guest.unmap(tables, RUN - PAGE, RUN + 2 * PAGE);
    assertEquals(List.of("0-2ffff"), flushed);
    assertEquals(0, hinted(0, 3 * RUN));
    assertEquals(16, hinted(3 * RUN, 4 * RUN));
    assertEquals(RUN - PAGE - 1, tables.mappings().getFirst().last().value());
    assertEquals(2 * RUN + PAGE, tables.mappings().getLast().first().value());
  }

  @Test
  void permissionsOfAWholeRunChangeAtOnce() {
    Guest.map(tables, 0, 0, 2 * RUN, DATA);
    FlushToken token = Guest.protecting(tables, 0, RUN, READ_ONLY);
    assertEquals(32, hinted(0, 2 * RUN));
    assertTrue(Translation.isFault(tables.translate(0, Access.WRITE)));
    assertEquals(RUN, tables.translate(RUN, Access.WRITE));
    token.flush();
    Guest.protect(tables, 0, RUN, new MappingAttributes(true, false, CacheType.WRITE_COMBINING));
    assertEquals(32, hinted(0, 2 * RUN));
  }

  @Test
  void whatChangesNothingLeavesTheHint() {
    Guest.map(tables, 0, 0, RUN, DATA);
    Guest.protect(tables, PAGE, PAGE, DATA);
    assertEquals(16, hinted(0, RUN));
    assertEquals(List.of(), flushed);
  }

  @Test
  void afterASplitPermissionsChangeAtOnce() {
    Guest.map(tables, 0, 0, 2 * RUN, DATA);
    FlushToken split = Guest.splitting(tables, 3 * PAGE, RUN);
    assertNotSame(FlushToken.NONE, split);
    split.flush();
    assertEquals(0, hinted(0, 2 * RUN));
    FlushToken token = Guest.protecting(tables, 3 * PAGE, RUN, READ_ONLY);
    assertEquals(0, tables.translate(0, Access.WRITE));
    assertEquals(3 * PAGE, tables.translate(3 * PAGE, Access.READ));
    token.flush();
  }

  /** A new table has runs where the block is not cut, and its block was one of a run. */
  @Test
  void aBlockThatIsSplitBecomesRuns() {
    Guest.map(tables, 0, 0, 64 * MIB, DATA);
    assertTrue(isHinted(tables, 2, 2 * MIB));
    Guest.split(tables, 2 * MIB + RUN, PAGE);
    assertEquals(List.of("0-1ffffff"), flushed);
    for (long block = 0; block < 64 * MIB; block += 2 * MIB) {
      if (block != 2 * MIB) {
        assertEquals(block >= 32 * MIB, isHinted(tables, 2, block));
      }
    }
    assertEquals(512 - 16, hinted(2 * MIB, 4 * MIB));
    assertEquals(0, hinted(2 * MIB + RUN, 2 * MIB + 2 * RUN));
    Guest.join(tables, 0, 64 * MIB);
    assertEquals(2 * MIB, tables.translate(2 * MIB, Access.WRITE));
    assertEquals(false, isHinted(tables, 2, 2 * MIB));
    assertEquals(2, guest.framesInUse() - 1, "root, level 1, level 2");
  }

  @Test
  void aLargerBlockOfARunIsSplitIntoRunsOfBlocks() {
    Guest.map(tables, 0, 0, 16 * GIB, DATA);
    assertTrue(isHinted(tables, 1, 15 * GIB));
    Guest.unmap(tables, GIB, 2 * MIB);
    assertEquals(false, isHinted(tables, 1, 0));
    assertEquals(false, isHinted(tables, 2, GIB + 30 * MIB));
    assertTrue(isHinted(tables, 2, GIB + 32 * MIB));
  }

  /**
   * Page 3 may still be cached as what it was: a run beside it would be a second translation of it.
   */
  @Test
  void noRunIsMadeBesideAnEntryThatWaitsForAFlush() {
    Guest.map(tables, 0x10_0000, 0x10_0000, PAGE, DATA);
    Guest.map(tables, 3 * PAGE, 0x80_0000, PAGE, DATA);
    FlushToken unmapped = Guest.unmapping(tables, 3 * PAGE, PAGE);
    FlushToken mapped = Guest.mapping(tables, 0, 0, RUN, DATA);
    mapped.flush();
    unmapped.flush();
    assertEquals(0, hinted(0, RUN));
    assertEquals(3 * PAGE, tables.translate(3 * PAGE, Access.WRITE));
  }

  /** The processor may hold all of the run for each of its entries. */
  @Test
  void aFlushReachesTheRunThatAnEntryWasOf() {
    Guest.map(tables, 0, 0, RUN, DATA);
    FlushToken first = Guest.protecting(tables, PAGE, PAGE, READ_ONLY);
    FlushToken second = Guest.protecting(tables, 9 * PAGE, PAGE, READ_ONLY);
    second.flush();
    assertEquals(List.of("0-ffff"), flushed);
    assertTrue(Translation.isFault(tables.translate(PAGE, Access.READ)));
    assertEquals(9 * PAGE, tables.translate(9 * PAGE, Access.READ));
    first.flush();
    assertEquals(PAGE, tables.translate(PAGE, Access.READ));
  }

  /** Changes that build on each other before a flush. */
  @Test
  void aRunThatWaitsLosesTheHintWhereItWaits() {
    Guest.map(tables, 0, 0, RUN, DATA);
    MappingAttributes combining = new MappingAttributes(true, false, CacheType.WRITE_COMBINING);
    FlushToken all = Guest.protecting(tables, 0, RUN, combining);
    FlushToken part = Guest.protecting(tables, PAGE, PAGE, DATA);
    part.flush();
    all.flush();
    assertEquals(0, hinted(0, RUN));
    assertEquals(0x0060_0000_0000_0F07L, tables.entry(3, new VirtualAddress(0)));
    assertEquals(0x0060_0000_0000_1F0FL, tables.entry(3, new VirtualAddress(PAGE)));
  }
}
