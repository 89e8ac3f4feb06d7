// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.arm64.paging.Guest.GIB;
import static io.efirts.arm64.paging.Guest.MIB;
import static io.efirts.arm64.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.Mapping;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Between the old entry and a new one that leads elsewhere, is of another size or of another memory
 * type, processors find an invalid one and have their TLBs flushed.
 */
class BreakBeforeMakeTest {
  private static final MappingAttributes DEVICE =
      new MappingAttributes(true, false, CacheType.UNCACHED);

  private final Guest guest = new Guest(Granule.FOUR_KIB, 64);

  /** What the flush finds in memory: the entry that is being looked at. */
  private final List<Long> duringFlush = new ArrayList<>();

  private final List<String> ranges = new ArrayList<>();
  private long watched = Guest.BASE;
  private final PageTables tables =
      guest
          .builder()
          .tlbFlush(
              (root, first, last) -> {
                duringFlush.add(guest.load(watched));
                ranges.add("%x-%x".formatted(first, last));
              })
          .build();

  private void assertBrokenUntilFlushed(FlushToken token, long place, String range) {
    assertEquals(0, guest.load(place));
    watched = place;
    token.flush();
    assertEquals(List.of(0L), duringFlush);
    assertEquals(List.of(range), ranges);
    assertNotEquals(0, guest.load(place));
  }

  private void assertNotMapped(long address) {
    long translation = tables.translate(address, Access.READ);
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
  }

  @Test
  void anotherMemoryType() {
    Guest.map(tables, 0, 0x7000, 2 * PAGE, DATA);
    FlushToken token = Guest.protecting(tables, PAGE, PAGE, DEVICE);
    assertEquals(0x7000, tables.translate(0, Access.WRITE));
    assertNotMapped(PAGE);
    assertBrokenUntilFlushed(token, guest.frame(3) + 8, "1000-1fff");
    assertEquals(0x0060_0000_0000_8F03L, guest.load(guest.frame(3) + 8));
    assertEquals(0x8000, tables.translate(PAGE, Access.WRITE));
  }

  @Test
  void permissionsAloneChangeAtOnceAndAreFlushed() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    MappingAttributes all = new MappingAttributes(true, true, CacheType.WRITE_BACK);
    for (MappingAttributes attributes : new MappingAttributes[] {READ_ONLY, CODE, all, DATA}) {
      FlushToken token = Guest.protecting(tables, 0, 2 * MIB, attributes);
      assertNotSame(FlushToken.NONE, token);
      assertEquals(0, tables.translate(0, Access.READ));
      assertEquals(!attributes.writable(), Translation.isFault(tables.translate(0, Access.WRITE)));
      token.flush();
    }
    assertEquals(4, ranges.size());
  }

  /** The rest of the block is gone as well, and the flush reaches all of it. */
  @Test
  void splittingABlock() {
    Guest.map(tables, GIB, GIB, GIB, DATA);
    FlushToken token = Guest.protecting(tables, GIB + 2 * MIB, PAGE, READ_ONLY);
    assertNotMapped(GIB);
    assertNotMapped(GIB + 2 * MIB);
    assertNotMapped(2 * GIB - 1);
    assertEquals(List.of(), tables.mappings());
    assertBrokenUntilFlushed(token, guest.frame(1) + 8, "40000000-7fffffff");
    assertEquals(GIB, tables.translate(GIB, Access.WRITE));
    assertEquals(2 * GIB - 1, tables.translate(2 * GIB - 1, Access.WRITE));
  }

  @Test
  void takingAPageOutOfABlock() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    FlushToken token = Guest.unmapping(tables, PAGE, PAGE);
    assertNotMapped(0);
    assertBrokenUntilFlushed(token, guest.frame(2), "0-1fffff");
    assertEquals(0, tables.translate(0, Access.WRITE));
    assertNotMapped(PAGE);
  }

  @Test
  void joiningPages() {
    for (int i = 0; i < 512; i++) {
      Guest.map(tables, i * PAGE, i * PAGE, PAGE, DATA);
    }
    FlushToken token = Guest.joining(tables, 0, 2 * MIB);
    assertNotMapped(0);
    assertEquals(4, guest.framesInUse());
    assertBrokenUntilFlushed(token, guest.frame(2), "0-1fffff");
    assertEquals(3, guest.framesInUse());
    assertEquals(PageSize.TWO_MIB, tables.mappings().getFirst().pageSize());
  }

  @Test
  void ignoringMakesTheEntryWithoutAFlush() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    FlushToken token = Guest.protecting(tables, 0, PAGE, READ_ONLY);
    assertNotMapped(0);
    token.ignore();
    assertEquals(0, tables.translate(0, Access.READ));
    assertEquals(2 * MIB - 1, tables.translate(2 * MIB - 1, Access.WRITE));
    assertEquals(List.of(), ranges);
  }

  @Test
  void aFailedFlushLeavesTheEntryBroken() {
    boolean[] reachable = new boolean[1];
    PageTables others =
        guest
            .builder()
            .tlbFlush(
                (root, first, last) -> {
                  if (!reachable[0]) {
                    throw new IllegalStateException("a processor does not answer");
                  }
                })
            .build();
    Guest.map(others, 0, 0, PAGE, DATA);
    FlushToken token = Guest.protecting(others, 0, PAGE, DEVICE);
    assertThrows(IllegalStateException.class, token::flush);
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(others.translate(0, Access.READ)));
    reachable[0] = true;
    token.flush();
    assertEquals(0, others.translate(0, Access.WRITE));
  }

  /** Else a processor could have the old page and the new one at once. */
  @Test
  void whatIsMappedBeforeTheUnmapWasFlushedWaitsToo() {
    Guest.map(tables, 0, 0x7000, 2 * PAGE, DATA);
    FlushToken unmapped = Guest.unmapping(tables, PAGE, PAGE);
    FlushToken mapped = Guest.mapping(tables, PAGE, 0x9000, PAGE, READ_ONLY);
    assertNotSame(FlushToken.NONE, mapped);
    assertNotMapped(PAGE);
    unmapped.flush();
    assertEquals(0x9000, tables.translate(PAGE, Access.READ));
    mapped.flush();
    assertEquals(0x9000, tables.translate(PAGE, Access.READ));
    assertEquals(List.of("1000-1fff", "1000-1fff"), ranges);
  }

  /**
   * The new table takes the place of the old one: its flush must reach what that has translated.
   */
  @Test
  void aTableInThePlaceOfATable() {
    Guest.map(tables, 0, 0, 3 * PAGE, DATA);
    FlushToken unmapped = Guest.unmapping(tables, 0, 3 * PAGE);
    FlushToken mapped = Guest.mapping(tables, GIB - PAGE, 0, PAGE, DATA);
    assertNotMapped(GIB - PAGE);
    mapped.flush();
    assertEquals(List.of("0-7fffffffff"), ranges);
    assertEquals(0, tables.translate(GIB - PAGE, Access.WRITE));
    unmapped.flush();
    assertEquals(0, tables.translate(GIB - PAGE, Access.WRITE));
    assertEquals(4, guest.framesInUse());
  }

  @Test
  void aMapAfterTheFlushWaitsForNothing() {
    Guest.map(tables, 0, 0x7000, 2 * PAGE, DATA);
    Guest.unmap(tables, PAGE, PAGE);
    assertSame(FlushToken.NONE, Guest.mapping(tables, PAGE, 0x9000, PAGE, READ_ONLY));
  }

  @Test
  void changesBuildOnEachOtherBeforeAnyIsFlushed() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    List<FlushToken> tokens = new ArrayList<>();
    tokens.add(Guest.protecting(tables, 0, PAGE, READ_ONLY));
    tokens.add(Guest.protecting(tables, 3 * PAGE, PAGE, DEVICE));
    tokens.add(Guest.unmapping(tables, 2 * PAGE, PAGE));
    tokens.add(Guest.protecting(tables, PAGE, PAGE, CODE));
    assertNotMapped(4 * PAGE);
    tokens.reversed().forEach(FlushToken::flush);
    assertEquals(
        List.of(
            "0000000000000000-0000000000000fff -> 0000000000000 r-- WRITE_BACK 4 KiB",
            "0000000000001000-0000000000001fff -> 0000000001000 r-x WRITE_BACK 4 KiB",
            "0000000000003000-0000000000003fff -> 0000000003000 rw- UNCACHED 4 KiB",
            "0000000000004000-00000000001fffff -> 0000000004000 rw- WRITE_BACK 4 KiB"),
        tables.mappings().stream().map(Mapping::toString).toList());
  }

  @Test
  void aChangeThatWasOvertakenDoesNotComeBack() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    FlushToken split = Guest.protecting(tables, 0, PAGE, READ_ONLY);
    FlushToken gone = Guest.unmapping(tables, 0, 2 * MIB);
    split.flush();
    assertNotMapped(0);
    gone.flush();
    assertNotMapped(0);
    assertEquals(1, guest.framesInUse());
  }

  /** The frame of a table that waited for an entry has become another table. */
  @Test
  void aLateTokenDoesNotStoreIntoAFrameThatIsUsedAgain() {
    Guest.map(tables, 0, 0x7000, 2 * PAGE, DATA);
    FlushToken late = Guest.protecting(tables, 0, PAGE, DEVICE);
    Guest.unmap(tables, 0, 2 * PAGE);
    PageTables others = guest.builder().build();
    for (int i = 0; i < 3; i++) {
      Guest.map(others, i * 512 * GIB, 0x5000, PAGE, DATA);
    }
    byte[] before = guest.bytes.toArray(ValueLayout.JAVA_BYTE);
    late.flush();
    assertEquals(-1, guest.bytes.mismatch(MemorySegment.ofArray(before)));
  }

  /** The same place is broken again, by a change whose flush has not been made. */
  @Test
  void aLateTokenDoesNotMakeWhatALaterChangeHasBroken() {
    Guest.map(tables, 0, 0x7000, 2 * PAGE, DATA);
    FlushToken late = Guest.protecting(tables, 0, PAGE, DEVICE);
    Guest.unmap(tables, 0, 2 * PAGE);
    Guest.map(tables, 0, 0x7000, 2 * PAGE, DATA);
    FlushToken later = Guest.protecting(tables, 0, PAGE, DEVICE);
    late.flush();
    assertNotMapped(0);
    later.flush();
    assertEquals(0x7000, tables.translate(0, Access.WRITE));
  }

  @Test
  void releasedTablesAreNotStoredInto() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    FlushToken token = Guest.protecting(tables, 0, PAGE, READ_ONLY);
    tables.release();
    assertEquals(0, guest.framesInUse());
    byte[] before = guest.bytes.toArray(ValueLayout.JAVA_BYTE);
    token.flush();
    assertEquals(-1, guest.bytes.mismatch(MemorySegment.ofArray(before)));
  }

  @Test
  void aWalkInWordsSaysWhatItWaitsFor() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    FlushToken token = Guest.protecting(tables, 0, PAGE, READ_ONLY);
    assertEquals(
        "L2[0] at 0x102000 = 0x0000000000000000: not valid, waits for a flush",
        tables.explain(new VirtualAddress(0)).get(3));
    assertEquals(0, tables.entry(2, new VirtualAddress(0)));
    token.flush();
    assertEquals(0x10_3003L, tables.entry(2, new VirtualAddress(0)));
  }
}
