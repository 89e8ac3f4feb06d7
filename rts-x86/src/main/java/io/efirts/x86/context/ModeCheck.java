// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.Cr0;
import io.efirts.x86.vcpu.Cr4;
import io.efirts.x86.vcpu.Efer;
import io.efirts.x86.vcpu.X86Vcpu;

/** Whether a processor, once CR3 is loaded, walks tables as they are meant. */
final class ModeCheck {
  private static final String CR0 = "CR0.";
  private static final String CR4 = "CR4.";
  private static final String EFER = "EFER.";

  private final PageTables tables;
  private final X86Vcpu vcpu;

  private ModeCheck(PageTables tables, X86Vcpu vcpu) {
    this.tables = tables;
    this.vcpu = vcpu;
  }

  /** Refuses a processor that is in another mode. */
  static void require(PageTables tables, X86Vcpu vcpu) {
    new ModeCheck(tables, vcpu).run();
  }

  private void run() {
    PagingMode mode = tables.mode();
    boolean longMode = isLong(mode);
    requireBit(CR0 + "PE", vcpu.cr0(), Cr0.PE, true);
    requireBit(CR0 + "PG", vcpu.cr0(), Cr0.PG, true);
    // Without it a supervisor writes to what its tables make read-only, and firmware is one.
    requireBit(CR0 + "WP", vcpu.cr0(), Cr0.WP, true);
    requireBit(CR4 + "PAE", vcpu.cr4(), Cr4.PAE, mode != PagingMode.LEGACY_32);
    requireBit(EFER + "LMA", vcpu.efer(), Efer.LMA, longMode);
    if (longMode) {
      requireBit(EFER + "LME", vcpu.efer(), Efer.LME, true);
      requireBit(CR4 + "LA57", vcpu.cr4(), Cr4.LA57, mode == PagingMode.FIVE_LEVEL);
    }
    if (mode == PagingMode.LEGACY_32) {
      requireBit(CR4 + "PSE", vcpu.cr4(), Cr4.PSE, true);
    }
    if (tables.canForbidExecution()) {
      requireBit(EFER + "NXE", vcpu.efer(), Efer.NXE, true);
    }
  }

  private void requireBit(String name, long value, long bit, boolean set) {
    if ((value & bit) != 0 != set) {
      throw new IllegalArgumentException(
          name
              + " must be "
              + (set ? "set" : "clear")
              + " for the address space's tables: mode="
              + tables.mode()
              + ", cr0=0x"
              + Long.toHexString(vcpu.cr0())
              + ", cr4=0x"
              + Long.toHexString(vcpu.cr4())
              + ", efer=0x"
              + Long.toHexString(vcpu.efer()));
    }
  }

  /** Whether a mode is one of 64 bits. */
  static boolean isLong(PagingMode mode) {
    return mode == PagingMode.FOUR_LEVEL || mode == PagingMode.FIVE_LEVEL;
  }
}
