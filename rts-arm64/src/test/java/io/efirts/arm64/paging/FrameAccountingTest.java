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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.Translation;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which frames tables take, that they come back, and that a change has all of them or none. */
class FrameAccountingTest {
  private final Guest guest = new Guest(Granule.FOUR_KIB, 2200);

  /** Gives as many frames as it is told to. */
  private static final class Rationed implements FrameAllocator {
    private final FrameBitmap frames;
    private int left = Integer.MAX_VALUE;

    Rationed(FrameBitmap frames) {
      this.frames = frames;
    }

    @Override
    public long allocate(PageSize granule, long maximumAddress) {
      return left-- > 0 ? frames.allocate(granule, maximumAddress) : NONE;
    }

    @Override
    public void free(long frame) {
      frames.free(frame);
    }
  }

  @Test
  void tablesAreMadeWherePagesNeedThemOnly() {
    PageTables tables = guest.builder().build();
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
  void aRangeThatIsAlignedOtherwiseThanItsTargetNeedsPages() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, PAGE, 4 * GIB, DATA);
    assertEquals(1 + 1 + 4 + 2048, guest.framesInUse());
    Guest.unmap(tables, 0, 4 * GIB);
    Guest.map(tables, 0, 2 * MIB, 4 * GIB, DATA);
    assertEquals(1 + 1 + 4, guest.framesInUse());
  }

  @Test
  void forbiddenSizesAreNotMade() {
    PageTables tables = guest.builder().largestPage(PageSize.FOUR_KIB).build();
    Guest.map(tables, 0, 0, GIB, DATA);
    assertEquals(1 + 1 + 1 + 512, guest.framesInUse());
    Guest.join(tables, 0, GIB);
    assertEquals(1 + 1 + 1 + 512, guest.framesInUse());
  }

  /** With the large granules one table holds what takes many with the small one. */
  @Test
  void otherGranules() {
    Guest middle = new Guest(Granule.SIXTEEN_KIB, 16);
    PageTables tables = middle.builder(47).build();
    Guest.map(tables, 0, 0, 3 * 32 * MIB + 0x4000, DATA);
    assertEquals(1 + 1 + 1, middle.framesInUse());
    Guest.protect(tables, 32 * MIB, 0x4000, READ_ONLY);
    assertEquals(1 + 1 + 1 + 1, middle.framesInUse());
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, 8);
    tables = large.builder(42).build();
    Guest.map(tables, 0, 0, GIB + 0x1_0000, DATA);
    assertEquals(1 + 1, large.framesInUse());
    Guest.unmap(tables, 512 * MIB + 0x1_0000, 0x1_0000);
    assertEquals(1 + 1 + 1, large.framesInUse());
    tables.release();
    assertEquals(0, large.framesInUse());
  }

  @Test
  void splittingTakesOneTableForEachLevel() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, 3 * GIB, DATA);
    Guest.protect(tables, PAGE, 3 * GIB - 2 * PAGE, READ_ONLY);
    assertEquals(2 + 4, guest.framesInUse());
    Guest.protect(tables, PAGE, PAGE, READ_ONLY);
    assertEquals(2 + 4, guest.framesInUse());
  }

  @Test
  void whatChangesNothingSplitsNothing() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, GIB, DATA);
    Guest.protect(tables, PAGE, PAGE, DATA);
    assertEquals(2, guest.framesInUse());
  }

  @Test
  void joiningGivesTablesBack() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, GIB, DATA);
    Guest.protect(tables, GIB - PAGE, PAGE, READ_ONLY);
    Guest.protect(tables, 0, PAGE, CODE);
    assertEquals(5, guest.framesInUse());
    Guest.join(tables, 0, GIB);
    assertEquals(5, guest.framesInUse());
    Guest.protect(tables, 0, PAGE, DATA);
    Guest.join(tables, 0, GIB);
    assertEquals(4, guest.framesInUse());
    Guest.protect(tables, GIB - PAGE, PAGE, DATA);
    Guest.join(tables, 0, GIB - PAGE);
    assertEquals(4, guest.framesInUse());
    Guest.join(tables, 0, GIB);
    assertEquals(2, guest.framesInUse());
  }

  @Test
  void runsThatDoNotStartOnABlockAreNotJoined() {
    PageTables tables = guest.builder().build();
    for (int i = 0; i < 512; i++) {
      Guest.map(tables, i * PAGE, (i + 1) * PAGE, PAGE, DATA);
      Guest.map(tables, 2 * MIB + i * PAGE, (511 - i) * PAGE, PAGE, DATA);
      Guest.map(tables, 4 * MIB + i * PAGE, 2 * MIB + i * PAGE, PAGE, DATA);
    }
    assertEquals(6, guest.framesInUse());
    Guest.join(tables, 0, 8 * MIB);
    assertEquals(5, guest.framesInUse());
    assertEquals(PageSize.TWO_MIB, tables.mappings().getLast().pageSize());
  }

  @Test
  void releaseGivesEverythingBack() {
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, PAGE, 4 * MIB, DATA);
    Guest.map(tables, (1L << 48) - 4 * GIB, 0, 4 * GIB, DATA);
    tables.release();
    assertEquals(0, guest.framesInUse());
    long translation = tables.translate(0, Access.READ);
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> Guest.unmap(tables, 0, PAGE));
    assertEquals("page tables must not have been released: root=0x100000", refusal.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void mappingWithoutEnoughFramesChangesNothing(Granule granule) {
    long page = granule.bytes();
    assertAllOrNothing(
        granule, tables -> {}, tables -> Guest.map(tables, 0x7FFF_FFFE_0000L, page, 4 * MIB, DATA));
  }

  @ParameterizedTest
  @EnumSource
  void unmappingWithoutEnoughFramesChangesNothing(Granule granule) {
    long page = granule.bytes();
    assertAllOrNothing(
        granule,
        tables -> Guest.map(tables, 0, 0, 2 * GIB, DATA),
        tables -> Guest.unmap(tables, page, 2 * GIB - 2 * page));
  }

  @ParameterizedTest
  @EnumSource
  void protectingWithoutEnoughFramesChangesNothing(Granule granule) {
    long page = granule.bytes();
    assertAllOrNothing(
        granule,
        tables -> Guest.map(tables, 0, 0, 2 * GIB, DATA),
        tables -> Guest.protect(tables, GIB - 4 * MIB - page, 12 * MIB, READ_ONLY));
  }

  @Test
  void theRefusalSaysWhatWasMissing() {
    Rationed rationed = new Rationed(guest.frames);
    PageTables tables =
        PageTables.builder(new PagingMode(Granule.FOUR_KIB, 39), guest.memory, rationed).build();
    rationed.left = 1;
    OutOfFramesException refusal =
        assertThrows(OutOfFramesException.class, () -> Guest.map(tables, 0, 0, PAGE, DATA));
    assertEquals(
        "frame allocator must have the frames of a change: needed=2, obtained=1,"
            + " maximumAddress=0xffffffffffff",
        refusal.getMessage());
  }

  /** Not aligned to the granule, not in memory, in it in part only, beyond the output size. */
  @Test
  void anAllocatorThatGivesUselessFramesIsFoundOut() {
    Guest large = new Guest(Granule.SIXTY_FOUR_KIB, MemorySegment.ofArray(new long[0x5_8000 / 8]));
    for (long useless : new long[] {Guest.BASE + PAGE, 0, 0x15_0000, 1L << 48, -0x1_0000}) {
      boolean[] back = new boolean[1];
      FrameAllocator bad =
          new FrameAllocator() {
            @Override
            public long allocate(PageSize granule, long maximumAddress) {
              return useless;
            }

            @Override
            public void free(long frame) {
              back[0] = frame == useless;
            }
          };
      PageTablesBuilder builder =
          PageTables.builder(new PagingMode(Granule.SIXTY_FOUR_KIB, 48), large.memory, bad);
      IllegalStateException refusal = assertThrows(IllegalStateException.class, builder::build);
      assertTrue(
          refusal.getMessage().contains("frame=0x" + Long.toHexString(useless)),
          refusal.getMessage());
      assertTrue(back[0]);
    }
  }

  /** Lets the k-th allocation fail, for every k, and in the end none. */
  private static void assertAllOrNothing(
      Granule granule, Consumer<PageTables> given, Consumer<PageTables> change) {
    Guest guest = new Guest(granule, 24);
    Rationed rationed = new Rationed(guest.frames);
    PageTables tables =
        PageTables.builder(new PagingMode(granule, 48), guest.memory, rationed).build();
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
  }
}
