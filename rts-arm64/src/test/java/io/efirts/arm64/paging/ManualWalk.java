// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/**
 * A page walk written out from the manual (Arm ARM, sections D8.2 and D8.3: the figures of each
 * granule and the descriptor formats), which shares no code with the tables under test. Addresses
 * of 52 bits have a walk of their own.
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
    if (mode.outputBits() == 52) {
      return wide(mode, ttbr0, address);
    }
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

  /** TTBR0_EL1: bits 47:6 in place, bits 5:2 are bits 51:48 of the root's address. */
  private Page wide(PagingMode mode, long ttbr0, long address) {
    if (address >>> mode.virtualBits() != 0) {
      return null;
    }
    long root = ttbr0 & 0x0000_FFFF_FFFF_FFC0L | (ttbr0 & 0x3C) << 46;
    return switch (mode.granule()) {
      case FOUR_KIB -> wide(root, address, 12, 9, highestBit(mode, 12, 9), 39);
      case SIXTEEN_KIB -> wide(root, address, 14, 11, highestBit(mode, 14, 11), 36);
      case SIXTY_FOUR_KIB -> wide(root, address, 16, 13, highestBit(mode, 16, 13), 42);
    };
  }

  /** The lowest address bit that the table of the start level resolves. */
  private static int highestBit(PagingMode mode, int pageShift, int stride) {
    int low = pageShift;
    while (low + stride < mode.virtualBits()) {
      low += stride;
    }
    return low;
  }

  /**
   * IA[51:48], [47:39], [38:30], [29:21], [20:12]; IA[51:47], [46:36], [35:25], [24:14]; IA[51:42],
   * [41:29], [28:16]. Blocks up to IA[38:0], [35:0], [41:0].
   */
  private Page wide(
      long root, long address, int pageShift, int stride, int start, int largestBlock) {
    long at = root;
    for (int low = start; ; low -= stride) {
      long entry = guest.load(at + 8 * (address >> low & (1L << stride) - 1));
      long type = entry & 3;
      long output = pageShift == 16 ? output64(entry) : outputLpa2(entry, pageShift);
      if (low == pageShift) {
        return type == 3 ? widePage(entry, output, low, address) : null;
      } else if (type == 1 && low <= largestBlock) {
        return widePage(entry, output >> low << low, low, address);
      } else if (type != 3) {
        return null;
      }
      at = output;
    }
  }

  /** Bits 47:16 in place; bits 15:12 are bits 51:48. */
  private static long output64(long entry) {
    return entry & 0x0000_FFFF_FFFF_0000L | (entry >>> 12 & 0xF) << 48;
  }

  /** Bits 49:12 or 49:14 in place; bits 9:8 are bits 51:50. */
  private static long outputLpa2(long entry, int pageShift) {
    return (entry & 0x0003_FFFF_FFFF_FFFFL) >> pageShift << pageShift | (entry >>> 8 & 3) << 50;
  }

  private static Page widePage(long entry, long output, int shift, long address) {
    Page attributes = page(entry, 0, shift, address);
    return new Page(
        output | address & (1L << shift) - 1,
        attributes.size,
        attributes.writable,
        attributes.executable,
        attributes.user,
        attributes.attrIndex);
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
