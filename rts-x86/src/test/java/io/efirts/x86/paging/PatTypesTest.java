// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.CacheType;
import org.junit.jupiter.api.Test;

/** Memory types and the bits that select them, after the manual's table of encodings. */
class PatTypesTest {
  private static final CacheType WB = CacheType.WRITE_BACK;
  private static final CacheType WT = CacheType.WRITE_THROUGH;
  private static final CacheType UC = CacheType.UNCACHED;
  private static final CacheType WC = CacheType.WRITE_COMBINING;
  private static final CacheType WP = CacheType.WRITE_PROTECTED;

  @Test
  void entriesWithoutThePatBitMeanWhatTheyMeanAfterReset() {
    CacheType[] reset = {WB, WT, UC, UC, WB, WT, UC, UC};
    CacheType[] all = {WB, WT, UC, UC, WB, WP, UC, WC};
    for (int i = 0; i < 8; i++) {
      long low = (i & 3L) << 3;
      long small = low | (i & 4L) << 5;
      long large = low | (i & 4L) << 10;
      assertEquals(reset[i], PatTypes.RESET.cacheType(small, false));
      assertEquals(reset[i], PatTypes.RESET.cacheType(large, true));
      assertEquals(all[i], PatTypes.ALL_TYPES.cacheType(small, false));
      assertEquals(all[i], PatTypes.ALL_TYPES.cacheType(large, true));
    }
  }

  @Test
  void everyTypeComesBack() {
    PatTypes mixed = new PatTypes(0x0706_0504_0100_0606L);
    for (CacheType type : CacheType.values()) {
      for (PatTypes types : new PatTypes[] {PatTypes.ALL_TYPES, mixed}) {
        assertEquals(type, types.cacheType(types.bits(type, false), false));
        assertEquals(type, types.cacheType(types.bits(type, true), true));
      }
    }
  }

  @Test
  void psOfALargePageIsNoPartOfItsType() {
    assertEquals(WB, PatTypes.ALL_TYPES.cacheType(EntryBits.PS, true));
    assertEquals(WC, PatTypes.ALL_TYPES.cacheType(0x1018, true));
    assertEquals(UC, PatTypes.ALL_TYPES.cacheType(0x1018, false));
  }

  @Test
  void theTableAfterResetLacksTwoTypes() {
    for (CacheType type : new CacheType[] {WC, WP}) {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> PatTypes.RESET.bits(type, false));
      assertEquals(
          "page attribute table must hold the memory type: type=" + type + ", msr=0x7040600070406",
          refusal.getMessage());
    }
  }

  @Test
  void reservedEncodingsAreRefused() {
    for (long encoding : new long[] {2, 3, 8, 0x16, 0xFF}) {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> new PatTypes(encoding << 56));
      assertEquals(
          "page attribute table must hold memory types: msr=0x"
              + Long.toHexString(encoding << 56)
              + ", entry=7",
          refusal.getMessage());
    }
  }
}
