// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.paging.PageSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Levels and sizes of tables, as the manual's tables of start levels have them. */
class PagingModeTest {
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB,       36, 1, 64",
    "FOUR_KIB,       39, 1, 512",
    "FOUR_KIB,       40, 0, 2",
    "FOUR_KIB,       44, 0, 32",
    "FOUR_KIB,       48, 0, 512",
    "SIXTEEN_KIB,    36, 2, 2048",
    "SIXTEEN_KIB,    37, 1, 2",
    "SIXTEEN_KIB,    47, 1, 2048",
    "SIXTEEN_KIB,    48, 0, 2",
    "SIXTY_FOUR_KIB, 36, 2, 128",
    "SIXTY_FOUR_KIB, 42, 2, 8192",
    "SIXTY_FOUR_KIB, 43, 1, 2",
    "SIXTY_FOUR_KIB, 48, 1, 64",
  })
  void theRootFollowsFromGranuleAndAddressSize(
      Granule granule, int virtualBits, int rootLevel, int rootEntries) {
    PagingMode mode = new PagingMode(granule, virtualBits);
    assertEquals(rootLevel, mode.rootLevel());
    assertEquals(rootEntries, mode.entries(rootLevel));
    assertEquals(rootEntries - 1, mode.index(rootLevel, (1L << virtualBits) - 1));
    assertEquals(1L << virtualBits, rootEntries * mode.span(rootLevel));
    for (int level = rootLevel + 1; level <= 3; level++) {
      assertEquals(granule.bytes() / 8, mode.entries(level));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyAddressSizeIsCovered(Granule granule) {
    for (int bits = 36; bits <= 48; bits++) {
      PagingMode mode = new PagingMode(granule, bits);
      int root = mode.rootLevel();
      assertTrue(mode.entries(root) > 1 && mode.entries(root) <= granule.bytes() / 8);
      assertEquals(1L << bits, mode.entries(root) * mode.span(root));
      assertTrue(mode.isCanonical((1L << bits) - 1));
      assertFalse(mode.isCanonical(1L << bits));
      assertFalse(mode.isCanonical(-1));
    }
  }

  @Test
  void pagesAndBlocks() {
    PagingMode small = new PagingMode(Granule.FOUR_KIB, 48);
    assertEquals(1, small.largestPageLevel());
    assertEquals(PageSize.ONE_GIB, small.pageSize(1));
    assertEquals(PageSize.TWO_MIB, small.pageSize(2));
    assertEquals(PageSize.FOUR_KIB, small.pageSize(3));
    PagingMode middle = new PagingMode(Granule.SIXTEEN_KIB, 48);
    assertEquals(2, middle.largestPageLevel());
    assertEquals(PageSize.THIRTY_TWO_MIB, middle.pageSize(2));
    assertEquals(PageSize.SIXTEEN_KIB, middle.pageSize(3));
    PagingMode large = new PagingMode(Granule.SIXTY_FOUR_KIB, 48);
    assertEquals(2, large.largestPageLevel());
    assertEquals(PageSize.FIVE_HUNDRED_TWELVE_MIB, large.pageSize(2));
    assertEquals(PageSize.SIXTY_FOUR_KIB, large.pageSize(3));
    for (PagingMode mode : new PagingMode[] {small, middle, large}) {
      for (int level = mode.largestPageLevel(); level <= 3; level++) {
        assertEquals(mode.span(level), mode.pageSize(level).bytes());
      }
    }
  }

  @Test
  void otherAddressSizesAreRefused() {
    for (int bits : new int[] {0, 35, 49, 52}) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> new PagingMode(Granule.FOUR_KIB, bits));
      assertEquals(
          "virtual address width must be 36 to 48 bits: bits=" + bits, refusal.getMessage());
    }
  }
}
