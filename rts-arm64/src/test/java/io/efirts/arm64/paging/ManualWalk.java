// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/**
 * A page walk written out from the manual (Arm ARM, sections D8.2 and D8.3: the figures of each
 * granule and the descriptor formats), which shares no code with the tables under test.
 */
final class ManualWalk {
  private final Guest guest;

  ManualWalk(Guest guest) {
    this.guest = guest;
  }

  /** What a walk finds. */
  record Page(
      long physical,
      long size,
      boolean writable,
      boolean executable,
      boolean user,
      int attrIndex) {}

  /** The page that an address leads to, or null if an entry on the way is not valid. */
  Page walk(PagingMode mode, long ttbr0, long address) {
    long root = ttbr0 & 0x0000_FFFF_FFFF_FFFFL;
    return switch (mode.granule()) {
      case FOUR_KIB ->
          mode.virtualBits() > 39 ? fourKib(root, address, 39) : fourKib(root, address, 30);
      case SIXTEEN_KIB ->
          sixteenKib(
              root, address, mode.virtualBits() > 47 ? 47 : mode.virtualBits() > 36 ? 36 : 25);
      case SIXTY_FOUR_KIB -> sixtyFourKib(root, address, mode.virtualBits() > 42 ? 42 : 29);
    };
  }

  /** IA[47:39], [38:30], [29:21], [20:12]. */
  private Page fourKib(long table, long address, int shift) {
    if (address >>> (shift == 39 ? 48 : 39) != 0) {
      return null;
    }
    long at = table;
    for (int low = shift; ; low -= 9) {
      long entry = guest.load(at | (address >> low & 0x1FF) << 3);
      long type = entry & 3;
      if (low == 12) {
        return type == 3 ? page(entry, 0x0000_FFFF_FFFF_F000L, 12, address) : null;
      } else if (type == 1 && low == 21) {
        return page(entry, 0x0000_FFFF_FFE0_0000L, 21, address);
      } else if (type == 1 && low == 30) {
        return page(entry, 0x0000_FFFF_C000_0000L, 30, address);
      } else if (type != 3) {
        return null;
      }
      at = entry & 0x0000_FFFF_FFFF_F000L;
    }
  }

  /** IA[47], [46:36], [35:25], [24:14]. */
  private Page sixteenKib(long table, long address, int shift) {
    if (address >>> (shift == 47 ? 48 : shift + 11) != 0) {
      return null;
    }
    long at = table;
    for (int low = shift; ; low -= 11) {
      long entry = guest.load(at | (address >> low & 0x7FF) << 3);
      long type = entry & 3;
      if (low == 14) {
        return type == 3 ? page(entry, 0x0000_FFFF_FFFF_C000L, 14, address) : null;
      } else if (type == 1 && low == 25) {
        return page(entry, 0x0000_FFFF_FE00_0000L, 25, address);
      } else if (type != 3) {
        return null;
      }
      at = entry & 0x0000_FFFF_FFFF_C000L;
    }
  }

  /** IA[47:42], [41:29], [28:16]. */
  private Page sixtyFourKib(long table, long address, int shift) {
    if (address >>> (shift == 42 ? 48 : 42) != 0) {
      return null;
    }
    long at = table;
    for (int low = shift; ; low -= 13) {
      long entry = guest.load(at | (address >> low & 0x1FFF) << 3);
      long type = entry & 3;
      if (low == 16) {
        return type == 3 ? page(entry, 0x0000_FFFF_FFFF_0000L, 16, address) : null;
      } else if (type == 1 && low == 29) {
        return page(entry, 0x0000_FFFF_E000_0000L, 29, address);
      } else if (type != 3) {
        return null;
      }
      at = entry & 0x0000_FFFF_FFFF_0000L;
    }
  }

  private static Page page(long entry, long output, int shift, long address) {
    long size = 1L << shift;
    return new Page(
        entry & output | address & size - 1,
        size,
        (entry >>> 7 & 1) == 0,
        (entry >>> 53 & 1) == 0,
        (entry >>> 6 & 1) == 1 || (entry >>> 54 & 1) == 0,
        (int) (entry >>> 2 & 7));
  }
}
