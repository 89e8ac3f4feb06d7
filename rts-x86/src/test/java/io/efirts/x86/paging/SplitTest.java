// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.x86.paging.Guest.GIB;
import static io.efirts.x86.paging.Guest.MIB;
import static io.efirts.x86.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.Mapping;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.paging.PageSize;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bounds of a range become bounds of pages, and from then on it changes without frames. */
class SplitTest {
  private final Guest guest = new Guest(64);
  private final PageTables tables = guest.builder(PagingMode.FOUR_LEVEL).build();

  private static List<PageSize> sizes(PageTables tables) {
    return tables.mappings().stream().map(Mapping::pageSize).toList();
  }

  @Test
  void onlyLargePagesThatCrossABoundAreSplit() {
    Guest.map(tables, 0, 0, 3 * GIB, DATA);
    Guest.split(tables, 2 * MIB, GIB);

    assertEquals(List.of(PageSize.TWO_MIB, PageSize.ONE_GIB), sizes(tables));
    assertEquals(2 * GIB - 1, tables.mappings().getFirst().last().value());
  }

  @Test
  void aRangeThatEndsWithPagesIsLeftAlone() {
    Guest.map(tables, 0, 0, GIB, DATA);
    assertSame(FlushToken.NONE, tables.split(new VirtualAddress(0), GIB));
    assertEquals(List.of(PageSize.ONE_GIB), sizes(tables));
  }

  /** Translations of the large page may be cached. */
  @Test
  void whatWasSplitMustBeFlushed() {
    Guest.map(tables, 0, 0, GIB, DATA);
    assertNotSame(FlushToken.NONE, tables.split(new VirtualAddress(0), PAGE));
  }

  @Test
  void afterwardsNoFrameIsNeeded() {
    Guest.map(tables, 0, 0, 2 * GIB, DATA);
    Guest.split(tables, GIB - PAGE, 3 * PAGE);
    for (int free = guest.frames.freeFrames(); free > 0; free--) {
      guest.frames.allocate(PageSize.FOUR_KIB, Long.MAX_VALUE);
    }
    assertThrows(OutOfFramesException.class, () -> Guest.protect(tables, 4 * MIB, PAGE, READ_ONLY));
    Guest.protect(tables, GIB - PAGE, 3 * PAGE, READ_ONLY);
    Guest.unmap(tables, GIB - PAGE, 3 * PAGE);

    assertEquals(GIB - PAGE - 1, lastBelow(GIB));
  }

  private long lastBelow(long address) {
    return tables.mappings().stream()
        .mapToLong(mapping -> mapping.last().value())
        .filter(last -> last < address)
        .max()
        .orElseThrow();
  }

  @Test
  void whatIsNotMappedCannotBeSplit() {
    Guest.map(tables, 0, 0, 2 * MIB, DATA);
    assertEquals(
        "range must be mapped: first=0x1000, last=0x200fff, missing=0x200000",
        assertThrows(IllegalArgumentException.class, () -> Guest.split(tables, PAGE, 2 * MIB))
            .getMessage());
    assertEquals(List.of(PageSize.TWO_MIB), sizes(tables));
  }
}
