// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

/**
 * A page walk written out step by step from the manual (SDM volume 3A, tables 4-3 and 4-7 and
 * sections 4.4.2 and 4.5.4), which shares no code with the tables under test.
 */
final class ManualWalk {
  private static final long FRAME = 0x000F_FFFF_FFFF_F000L;

  private final Guest guest;

  ManualWalk(Guest guest) {
    this.guest = guest;
  }

  /** What a walk finds: the page attribute table's index is PAT, PCD, PWT from bit 2 down. */
  record Page(long physical, long size, boolean writable, boolean executable, int patIndex) {}

  /** The page that a linear address leads to, or null if an entry on the way is not present. */
  Page walk(PagingMode mode, long cr3, long linear) {
    return switch (mode) {
      case LEGACY_32 -> legacy(cr3, linear);
      case PAE -> pae(cr3, linear);
      case FOUR_LEVEL -> pml4(cr3, linear, true, true);
      case FIVE_LEVEL -> pml5(cr3, linear);
    };
  }

  private Page legacy(long cr3, long linear) {
    long pde = guest.load32((cr3 & 0xFFFF_F000L) | (linear >> 22 & 0x3FF) << 2);
    if (!bit(pde, 0)) {
      return null;
    }
    if (bit(pde, 7)) {
      long physical = (pde & 0xFFC0_0000L) | (linear & 0x3F_FFFF);
      return new Page(physical, 0x40_0000, bit(pde, 1), true, pat(pde, 12));
    }
    long pte = guest.load32((pde & 0xFFFF_F000L) | (linear >> 12 & 0x3FF) << 2);
    if (!bit(pte, 0)) {
      return null;
    }
    long physical = (pte & 0xFFFF_F000L) | (linear & 0xFFF);
    return new Page(physical, 0x1000, bit(pde, 1) && bit(pte, 1), true, pat(pte, 7));
  }

  private Page pae(long cr3, long linear) {
    long pdpte = guest.load64((cr3 & 0xFFFF_FFE0L) | (linear >> 30 & 3) << 3);
    return bit(pdpte, 0) ? directory(pdpte, linear, true, true) : null;
  }

  private Page pml5(long cr3, long linear) {
    long pml5e = guest.load64((cr3 & FRAME) | (linear >> 48 & 0x1FF) << 3);
    return bit(pml5e, 0) ? pml4(pml5e, linear, bit(pml5e, 1), !bit(pml5e, 63)) : null;
  }

  private Page pml4(long above, long linear, boolean writable, boolean executable) {
    long pml4e = guest.load64((above & FRAME) | (linear >> 39 & 0x1FF) << 3);
    if (!bit(pml4e, 0)) {
      return null;
    }
    long pdpte = guest.load64((pml4e & FRAME) | (linear >> 30 & 0x1FF) << 3);
    if (!bit(pdpte, 0)) {
      return null;
    }
    boolean w = writable && bit(pml4e, 1) && bit(pdpte, 1);
    boolean x = executable && !bit(pml4e, 63) && !bit(pdpte, 63);
    if (bit(pdpte, 7)) {
      long physical = (pdpte & 0x000F_FFFF_C000_0000L) | (linear & 0x3FFF_FFFF);
      return new Page(physical, 0x4000_0000, w, x, pat(pdpte, 12));
    }
    return directory(pdpte, linear, w, x);
  }

  private Page directory(long above, long linear, boolean writable, boolean executable) {
    long pde = guest.load64((above & FRAME) | (linear >> 21 & 0x1FF) << 3);
    if (!bit(pde, 0)) {
      return null;
    }
    boolean w = writable && bit(pde, 1);
    boolean x = executable && !bit(pde, 63);
    if (bit(pde, 7)) {
      long physical = (pde & 0x000F_FFFF_FFE0_0000L) | (linear & 0x1F_FFFF);
      return new Page(physical, 0x20_0000, w, x, pat(pde, 12));
    }
    long pte = guest.load64((pde & FRAME) | (linear >> 12 & 0x1FF) << 3);
    if (!bit(pte, 0)) {
      return null;
    }
    long physical = (pte & FRAME) | (linear & 0xFFF);
    return new Page(physical, 0x1000, w && bit(pte, 1), x && !bit(pte, 63), pat(pte, 7));
  }

  private static int pat(long entry, int patBit) {
    return (bit(entry, 3) ? 1 : 0) + (bit(entry, 4) ? 2 : 0) + (bit(entry, patBit) ? 4 : 0);
  }

  private static boolean bit(long entry, int bit) {
    return (entry >>> bit & 1) == 1;
  }
}
