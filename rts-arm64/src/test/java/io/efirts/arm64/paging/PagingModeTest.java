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
    "FOUR_KIB,       49, -1, 2",
    "FOUR_KIB,       50, -1, 4",
    "FOUR_KIB,       51, -1, 8",
    "FOUR_KIB,       52, -1, 16",
    "SIXTEEN_KIB,    49, 0, 4",
    "SIXTEEN_KIB,    52, 0, 32",
    "SIXTY_FOUR_KIB, 49, 1, 128",
    "SIXTY_FOUR_KIB, 52, 1, 1024",
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
    for (int bits = 36; bits <= 52; bits++) {
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

  /** Tables D8-17, D8-27 and D8-36: one block more with DS, and with FEAT_LPA. */
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB,       52, 0, FIVE_HUNDRED_TWELVE_GIB",
    "FOUR_KIB,       48, 0, FIVE_HUNDRED_TWELVE_GIB",
    "FOUR_KIB,       39, 1, ONE_GIB",
    "SIXTEEN_KIB,    52, 1, SIXTY_FOUR_GIB",
    "SIXTEEN_KIB,    37, 1, SIXTY_FOUR_GIB",
    "SIXTEEN_KIB,    36, 2, THIRTY_TWO_MIB",
    "SIXTY_FOUR_KIB, 52, 1, FOUR_TIB",
    "SIXTY_FOUR_KIB, 43, 1, FOUR_TIB",
    "SIXTY_FOUR_KIB, 42, 2, FIVE_HUNDRED_TWELVE_MIB"
  })
  void blocksWithOutputAddressesOf52Bits(
      Granule granule, int virtualBits, int level, PageSize size) {
    PagingMode mode = new PagingMode(granule, virtualBits, 52);
    assertEquals(level, mode.largestPageLevel());
    assertEquals(size, mode.pageSize(level));
    assertEquals(size.bytes(), mode.span(level));
  }

  /** FEAT_LVA alone gives no larger blocks. */
  @Test
  void wideVirtualAddressesWithoutWideOutput() {
    PagingMode mode = new PagingMode(Granule.SIXTY_FOUR_KIB, 52, 48);
    assertEquals(2, mode.largestPageLevel());
    assertEquals(1024, mode.entries(1));
  }

  @Test
  void moreThan48BitsMeanOutputOf52() {
    for (Granule granule : Granule.values()) {
      assertEquals(new PagingMode(granule, 48, 48), new PagingMode(granule, 48));
      assertEquals(new PagingMode(granule, 49, 52), new PagingMode(granule, 49));
      assertEquals(granule != Granule.SIXTY_FOUR_KIB, new PagingMode(granule, 52).isLpa2());
      assertEquals(granule != Granule.SIXTY_FOUR_KIB, new PagingMode(granule, 36, 52).isLpa2());
      assertFalse(new PagingMode(granule, 48).isLpa2());
    }
  }

  @Test
  void modesInWords() {
    assertEquals("4 KiB granule, 48 bits", new PagingMode(Granule.FOUR_KIB, 48).toString());
    assertEquals(
        "16 KiB granule, 52 bits, output 52 bits",
        new PagingMode(Granule.SIXTEEN_KIB, 52).toString());
  }

  @Test
  void whatEntriesCannotHoldIsRefused() {
    for (int bits : new int[] {0, 47, 51, 56}) {
      assertEquals(
          "output address width must be 48 or 52 bits: bits=" + bits,
          assertThrows(
                  IllegalArgumentException.class, () -> new PagingMode(Granule.FOUR_KIB, 48, bits))
              .getMessage());
    }
    assertEquals(
        "output address width must be 52 bits for virtual addresses of more than 48 (TCR_EL1.DS):"
            + " granule=16 KiB, virtualBits=49",
        assertThrows(
                IllegalArgumentException.class, () -> new PagingMode(Granule.SIXTEEN_KIB, 49, 48))
            .getMessage());
  }

  @Test
  void otherAddressSizesAreRefused() {
    for (int bits : new int[] {0, 35, 53, 64}) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> new PagingMode(Granule.FOUR_KIB, bits));
      assertEquals(
          "virtual address width must be 36 to 52 bits: bits=" + bits, refusal.getMessage());
    }
  }
}
