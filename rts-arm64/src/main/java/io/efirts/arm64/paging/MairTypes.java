// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.CacheType;
import java.util.Objects;

/**
 * What the eight attributes of MAIR_EL1 mean (Arm ARM: MAIR_EL1). AttrIndx of an entry that maps a
 * page is an index into it.
 *
 * <p>{@link CacheType#UNCACHED} is Device memory. Of its kinds, nGnRE is taken where the register
 * holds it, else nGnRnE; the kinds that gather or reorder are never chosen. {@link
 * CacheType#WRITE_COMBINING} is Normal memory that is not cacheable. The architecture has nothing
 * for {@link CacheType#WRITE_PROTECTED}.
 *
 * @param mair the value of MAIR_EL1 on every processor that uses the tables
 */
public record MairTypes(long mair) {
  /**
   * As UEFI firmware for arm64 sets it (UEFI 2.10, section 2.3.6): Device-nGnRnE, Normal not
   * cacheable, write-through, write-back, then Device-nGnRnE.
   */
  public static final MairTypes FIRMWARE = new MairTypes(0xFFBB_4400L);

  /**
   * The same with Device-nGnRE as attribute 4, as which Linux maps the registers of devices that
   * firmware drives: a store may be acknowledged before it has arrived.
   */
  public static final MairTypes EARLY_ACKNOWLEDGE = new MairTypes(0x04_FFBB_4400L);

  private static final int ENTRIES = 8;
  private static final int DEVICE_NGNRNE = 0x00;
  private static final int DEVICE_NGNRE = 0x04;

  /** Kinds of Device memory, and with bit 0 the same without XS (FEAT_XS). */
  private static final int DEVICE_MASK = 0xF2;

  private static final int NOT_CACHEABLE_NO_XS = 0x40;
  private static final int WRITE_THROUGH_NO_XS = 0xA0;
  private static final int TAGGED = 0xF0;

  /**
   * Checks the attributes.
   *
   * @throws IllegalArgumentException if one is reserved; what a processor did with it would not be
   *     predictable
   */
  public MairTypes {
    for (int i = 0; i < ENTRIES; i++) {
      int attribute = attribute(mair, i);
      boolean device = (attribute & DEVICE_MASK) == 0;
      boolean normal = (attribute & 0xF0) != 0 && (attribute & 0x0F) != 0;
      boolean single =
          attribute == NOT_CACHEABLE_NO_XS
              || attribute == WRITE_THROUGH_NO_XS
              || attribute == TAGGED;
      if (!device && !normal && !single) {
        throw new IllegalArgumentException(
            "attributes must be memory types: mair=0x" + Long.toHexString(mair) + ", index=" + i);
      }
    }
  }

  /**
   * The memory type that an entry selects. Where inner and outer caches differ, the weaker of the
   * two. Never allocates.
   *
   * @param entry an entry that maps a page or block
   * @return the type
   */
  public CacheType cacheType(long entry) {
    int index = (int) ((entry & EntryBits.ATTR_INDEX) >>> EntryBits.ATTR_INDEX_SHIFT);
    return cacheType(attribute(mair, index));
  }

  /**
   * The bits that select a memory type. Never allocates.
   *
   * @param type the memory type
   * @return AttrIndx at its place: of the first attribute that is of the type, tagged memory left
   *     aside
   * @throws IllegalArgumentException if no attribute is of the type
   */
  public long bits(CacheType type) {
    Objects.requireNonNull(type, "type");
    int index =
        switch (type) {
          case UNCACHED -> device();
          case WRITE_COMBINING, WRITE_THROUGH, WRITE_BACK -> normal(type);
          case WRITE_PROTECTED -> -1;
        };
    if (index < 0) {
      throw new IllegalArgumentException(
          "attributes must hold the memory type: type="
              + type
              + ", mair=0x"
              + Long.toHexString(mair));
    }
    return (long) index << EntryBits.ATTR_INDEX_SHIFT;
  }

  private int device() {
    int early = indexOf(DEVICE_NGNRE);
    return early < 0 ? indexOf(DEVICE_NGNRNE) : early;
  }

  private int indexOf(int attribute) {
    for (int i = 0; i < ENTRIES; i++) {
      if (attribute(mair, i) == attribute) {
        return i;
      }
    }
    return -1;
  }

  private int normal(CacheType type) {
    for (int i = 0; i < ENTRIES; i++) {
      int attribute = attribute(mair, i);
      boolean same = attribute >>> 4 == (attribute & 0xF);
      if (same && cacheType(attribute) == type) {
        return i;
      }
    }
    return -1;
  }

  private static CacheType cacheType(int attribute) {
    if ((attribute & DEVICE_MASK) == 0) {
      return CacheType.UNCACHED;
    }
    return switch (attribute) {
      case NOT_CACHEABLE_NO_XS -> CacheType.WRITE_COMBINING;
      case WRITE_THROUGH_NO_XS -> CacheType.WRITE_THROUGH;
      case TAGGED -> CacheType.WRITE_BACK;
      default -> weaker(half(attribute >>> 4), half(attribute & 0xF));
    };
  }

  /** One of the two halves of an attribute of Normal memory: outer or inner. */
  private static CacheType half(int bits) {
    if (bits == 4) {
      return CacheType.WRITE_COMBINING;
    }
    return (bits & 4) == 0 ? CacheType.WRITE_THROUGH : CacheType.WRITE_BACK;
  }

  private static CacheType weaker(CacheType a, CacheType b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static int attribute(long mair, int index) {
    return (int) (mair >>> 8 * index) & 0xFF;
  }
}
