// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import static io.efirts.api.memory.MappingAttributes.CODE;
import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.x86.paging.Guest.GIB;
import static io.efirts.x86.paging.Guest.MIB;
import static io.efirts.x86.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which frames tables take, that they come back, and that a change has all of them or none. */
class FrameAccountingTest {
  private final Guest guest = new Guest(2200);

  /** Gives as many frames as it is told to. */
  private final class Rationed implements FrameAllocator {
    private int left = Integer.MAX_VALUE;

    @Override
    public long allocate(PageSize size, long maximumAddress) {
      return left-- > 0 ? guest.frames.allocate(size, maximumAddress) : NONE;
    }

    @Override
    public void free(long frame) {
      guest.frames.free(frame);
    }
  }

  @Test
  void tablesAreMadeWherePagesNeedThemOnly() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    assertEquals(1, guest.framesInUse());
    Guest.map(tables, 0, 0, GIB, DATA);
    assertEquals(2, guest.framesInUse());
    Guest.map(tables, GIB, GIB, 2 * MIB, DATA);
    assertEquals(3, guest.framesInUse());
    Guest.map(tables, GIB + 2 * MIB, 0, PAGE, DATA);
    assertEquals(4, guest.framesInUse());
    Guest.map(tables, GIB + 2 * MIB + PAGE, 0, PAGE, DATA);
    assertEquals(4, guest.framesInUse());
    Guest.unmap(tables, GIB + 2 * MIB, 2 * PAGE);
    assertEquals(3, guest.framesInUse());
    Guest.unmap(tables, 0, GIB + 2 * MIB);
    assertEquals(1, guest.framesInUse());
  }

  @Test
  void aRangeThatIsAlignedOtherwiseThanItsTargetNeedsSmallPages() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, PAGE, 4 * GIB, DATA);
    assertEquals(1 + 1 + 4 + 2048, guest.framesInUse());
    Guest.unmap(tables, 0, 4 * GIB);
    Guest.map(tables, 0, 2 * MIB, 4 * GIB, DATA);
    assertEquals(1 + 1 + 4, guest.framesInUse());
  }

  @Test
  void forbiddenSizesAreNotMade() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).largestPage(PageSize.FOUR_KIB).build();
    Guest.map(tables, 0, 0, GIB, DATA);
    assertEquals(1 + 1 + 1 + 512, guest.framesInUse());
    Guest.join(tables, 0, GIB).flush();
    assertEquals(1 + 1 + 1 + 512, guest.framesInUse());
  }

  @Test
  void splittingTakesOneTableForEachLevel() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, 0, 3 * GIB, DATA);
    Guest.protect(tables, PAGE, 3 * GIB - 2 * PAGE, READ_ONLY);
    assertEquals(2 + 4, guest.framesInUse());
    Guest.protect(tables, PAGE, PAGE, READ_ONLY);
    assertEquals(2 + 4, guest.framesInUse());
  }

  @Test
  void whatChangesNothingSplitsNothing() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, 0, GIB, DATA);
    Guest.protect(tables, PAGE, PAGE, DATA);
    assertEquals(2, guest.framesInUse());
  }

  @Test
  void joiningGivesTablesBack() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(tables, 0, 0, GIB, DATA);
    Guest.protect(tables, GIB - PAGE, PAGE, READ_ONLY);
    Guest.protect(tables, 0, PAGE, CODE);
    assertEquals(5, guest.framesInUse());
    Guest.join(tables, 0, GIB).flush();
    assertEquals(5, guest.framesInUse());
    Guest.protect(tables, 0, PAGE, DATA);
    Guest.join(tables, 0, GIB).flush();
    assertEquals(4, guest.framesInUse());
    Guest.protect(tables, GIB - PAGE, PAGE, DATA);
    Guest.join(tables, 0, GIB - PAGE).flush();
    assertEquals(4, guest.framesInUse());
    Guest.join(tables, 0, GIB).flush();
    assertEquals(2, guest.framesInUse());
  }

  @Test
  void runsThatDoNotStartOnALargePageAreNotJoined() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    for (int i = 0; i < 512; i++) {
      Guest.map(tables, i * PAGE, (i + 1) * PAGE, PAGE, DATA);
      Guest.map(tables, 2 * MIB + i * PAGE, (511 - i) * PAGE, PAGE, DATA);
      Guest.map(tables, 4 * MIB + i * PAGE, 2 * MIB + i * PAGE, PAGE, DATA);
    }
    assertEquals(6, guest.framesInUse());
    Guest.join(tables, 0, 8 * MIB).flush();
    assertEquals(5, guest.framesInUse());
    assertEquals(PageSize.TWO_MIB, tables.mappings().getLast().pageSize());
  }

  @Test
  void joiningKeepsWhatAProcessorHasSet() {
    PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();
    for (int i = 0; i < 512; i++) {
      Guest.map(tables, i * PAGE, i * PAGE, PAGE, DATA);
    }
    long page = Guest.BASE + 3 * PAGE + 77 * 8;
    guest.store64(page, guest.load64(page) | EntryBits.A | EntryBits.D);
    Guest.join(tables, 0, 2 * MIB).flush();
    assertEquals(0x8000_0000_0000_00E3L, tables.entry(2, new VirtualAddress(0)));
  }

  @Test
  void releaseGivesEverythingBack() {
    PageTables tables = guest.builder(PagingMode.FIVE_LEVEL).build();
    Guest.map(tables, 0, PAGE, 4 * MIB, DATA);
    Guest.map(tables, -4 * GIB, 0, 4 * GIB, DATA);
    tables.release();
    assertEquals(0, guest.framesInUse());
    long translation = tables.translate(0, Access.READ);
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> Guest.unmap(tables, 0, PAGE));
    assertEquals("page tables must not have been released: root=0x100000", refusal.getMessage());
  }

  @Test
  void mappingWithoutEnoughFramesChangesNothing() {
    for (PagingMode mode : PagingMode.values()) {
      assertAllOrNothing(
          mode, tables -> {}, tables -> Guest.map(tables, 0x3FFF_E000, 0x1000, 4 * MIB, DATA));
    }
  }

  @Test
  void unmappingWithoutEnoughFramesChangesNothing() {
    for (PagingMode mode : PagingMode.values()) {
      assertAllOrNothing(
          mode,
          tables -> Guest.map(tables, 0, 0, 2 * GIB, DATA),
          tables -> Guest.unmap(tables, PAGE, 2 * GIB - 2 * PAGE));
    }
  }

  @Test
  void protectingWithoutEnoughFramesChangesNothing() {
    for (PagingMode mode : PagingMode.values()) {
      assertAllOrNothing(
          mode,
          tables -> Guest.map(tables, 0, 0, 2 * GIB, DATA),
          tables -> Guest.protect(tables, GIB - 4 * MIB - PAGE, 12 * MIB, READ_ONLY));
    }
  }

  @Test
  void sharingWithoutEnoughFramesChangesNothing() {
    PageTables host = guest.builder(PagingMode.FOUR_LEVEL).build();
    Guest.map(host, 0, 0, 4 * MIB, DATA);
    PhysicalAddress directory = host.tableOf(host.entry(3, new VirtualAddress(0)));
    assertAllOrNothing(
        PagingMode.FOUR_LEVEL,
        tables -> {},
        tables -> tables.shareEntries(directory, 0, 2, new VirtualAddress(GIB), 2).sync().flush());
  }

  @Test
  void theRefusalSaysWhatWasMissing() {
    Rationed rationed = new Rationed();
    PageTables tables = PageTables.builder(PagingMode.PAE, guest.memory, rationed).build();
    rationed.left = 1;
    OutOfFramesException refusal =
        assertThrows(OutOfFramesException.class, () -> Guest.map(tables, 0, 0, PAGE, DATA));
    assertEquals(
        "frame allocator must have the frames of a change: needed=2, obtained=1,"
            + " maximumAddress=0xfffffffffffff",
        refusal.getMessage());
  }

  @Test
  void anAllocatorThatGivesUselessFramesIsFoundOut() {
    for (long useless : new long[] {Guest.BASE + 8, 0, 1L << 40, -PAGE}) {
      boolean[] back = new boolean[1];
      FrameAllocator bad =
          new FrameAllocator() {
            @Override
            public long allocate(PageSize size, long maximumAddress) {
              return useless;
            }

            @Override
            public void free(long frame) {
              back[0] = frame == useless;
            }
          };
      IllegalStateException refusal =
          assertThrows(
              IllegalStateException.class,
              () -> PageTables.builder(PagingMode.FOUR_LEVEL, guest.memory, bad).build());
      assertTrue(
          refusal.getMessage().contains("frame=0x" + Long.toHexString(useless)),
          refusal.getMessage());
      assertTrue(back[0]);
    }
  }

  /** Lets the k-th allocation fail, for every k, and in the end none. */
  private void assertAllOrNothing(
      PagingMode mode, Consumer<PageTables> given, Consumer<PageTables> change) {
    Rationed rationed = new Rationed();
    PageTables tables = PageTables.builder(mode, guest.memory, rationed).build();
    given.accept(tables);
    int inUse = guest.framesInUse();
    MemorySegment before = MemorySegment.ofArray(guest.bytes.toArray(ValueLayout.JAVA_BYTE));
    boolean done = false;
    for (int ration = 0; !done; ration++) {
      rationed.left = ration;
      try {
        change.accept(tables);
        done = true;
        assertTrue(ration > 0, "the change must need a frame");
      } catch (OutOfFramesException refusal) {
        assertEquals(-1, before.mismatch(guest.bytes), refusal::getMessage);
        assertEquals(inUse, guest.framesInUse());
      }
    }
    assertFalse(before.mismatch(guest.bytes) == -1);
    rationed.left = Integer.MAX_VALUE;
    tables.release();
  }
}
