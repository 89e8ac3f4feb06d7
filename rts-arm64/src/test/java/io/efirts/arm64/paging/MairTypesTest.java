// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.CacheType;
import org.junit.jupiter.api.Test;

/** Memory types and the bits that select them, after the manual's table of encodings. */
class MairTypesTest {
  private static CacheType typeOf(int attribute) {
    return new MairTypes((long) attribute << 56).cacheType(7 << 2);
  }

  @Test
  void theFirmwaresAttributes() {
    CacheType[] types = {
      CacheType.UNCACHED,
      CacheType.WRITE_COMBINING,
      CacheType.WRITE_THROUGH,
      CacheType.WRITE_BACK,
      CacheType.UNCACHED,
      CacheType.UNCACHED,
      CacheType.UNCACHED,
      CacheType.UNCACHED
    };
    for (int i = 0; i < 8; i++) {
      assertEquals(types[i], MairTypes.FIRMWARE.cacheType(0x0060_0000_0000_0703L | i << 2));
    }
    assertEquals(0, MairTypes.FIRMWARE.bits(CacheType.UNCACHED));
    assertEquals(1 << 2, MairTypes.FIRMWARE.bits(CacheType.WRITE_COMBINING));
    assertEquals(2 << 2, MairTypes.FIRMWARE.bits(CacheType.WRITE_THROUGH));
    assertEquals(3 << 2, MairTypes.FIRMWARE.bits(CacheType.WRITE_BACK));
  }

  @Test
  void deviceMemoryMayAcknowledgeEarlyWhereTheRegisterSaysSo() {
    assertEquals(4 << 2, MairTypes.EARLY_ACKNOWLEDGE.bits(CacheType.UNCACHED));
    assertEquals(3 << 2, MairTypes.EARLY_ACKNOWLEDGE.bits(CacheType.WRITE_BACK));
  }

  @Test
  void deviceMemoryNeverGathersOrReorders() {
    MairTypes relaxed = new MairTypes(0xFFFF_FFFF_FFFF_0C08L);
    assertEquals(CacheType.UNCACHED, relaxed.cacheType(0));
    assertEquals(CacheType.UNCACHED, relaxed.cacheType(1 << 2));
    assertThrows(IllegalArgumentException.class, () -> relaxed.bits(CacheType.UNCACHED));
  }

  @Test
  void taggedMemoryIsWriteBackAndNeverChosen() {
    MairTypes tagged = new MairTypes(0x44_FFF0L);
    assertEquals(CacheType.WRITE_BACK, tagged.cacheType(0));
    assertEquals(1 << 2, tagged.bits(CacheType.WRITE_BACK));
  }

  @Test
  void encodings() {
    for (int attribute : new int[] {0x00, 0x04, 0x08, 0x0C, 0x01, 0x05, 0x09, 0x0D}) {
      assertEquals(CacheType.UNCACHED, typeOf(attribute));
    }
    for (int attribute : new int[] {0x44, 0x40, 0x4F, 0xF4, 0x4B}) {
      assertEquals(CacheType.WRITE_COMBINING, typeOf(attribute));
    }
    for (int attribute : new int[] {0xBB, 0x88, 0xA0, 0x11, 0xBF, 0xFB}) {
      assertEquals(CacheType.WRITE_THROUGH, typeOf(attribute));
    }
    for (int attribute : new int[] {0xFF, 0xF0, 0xCC, 0x77, 0x55}) {
      assertEquals(CacheType.WRITE_BACK, typeOf(attribute));
    }
  }

  @Test
  void whereInnerAndOuterDifferTheTypeIsNotChosen() {
    MairTypes mixed = new MairTypes(0xFF_44F4L);
    assertEquals(1 << 2, mixed.bits(CacheType.WRITE_COMBINING));
  }

  @Test
  void whatTheRegisterOrTheArchitectureLacksIsRefused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> MairTypes.FIRMWARE.bits(CacheType.WRITE_PROTECTED));
    assertEquals(
        "attributes must hold the memory type: type=WRITE_PROTECTED, mair=0xffbb4400",
        refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new MairTypes(0).bits(CacheType.WRITE_BACK));
  }

  @Test
  void reservedEncodingsAreRefused() {
    for (int attribute : new int[] {0x02, 0x03, 0x06, 0x0A, 0x0F, 0x10, 0x50, 0x80, 0xB0, 0xE0}) {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> new MairTypes((long) attribute << 16));
      assertEquals(
          "attributes must be memory types: mair=0x"
              + Integer.toHexString(attribute << 16)
              + ", index=2",
          refusal.getMessage());
    }
  }
}
