// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.Sctlr;
import io.efirts.arm64.vcpu.Tcr;
import io.efirts.arm64.vcpu.Ttbr;

/** Whether a processor, once TTBR0_EL1 is loaded, walks tables as they are meant. */
final class ModeCheck {
  private static final int SHORT_ASIDS = 256;

  private ModeCheck() {}

  /** Refuses a processor that is set up otherwise. */
  static void require(PageTables tables, Arm64Vcpu vcpu) {
    long sctlr = vcpu.sctlr();
    requireBit("SCTLR_EL1.M", sctlr, Sctlr.M, true);
    requireBit("SCTLR_EL1.EE", sctlr, Sctlr.EE, false);
    requireBit("SCTLR_EL1.WXN", sctlr, Sctlr.WXN, false);
    // UEFI 2.10 section 2.3.6 promises firmware that accesses need not be aligned.
    requireBit("SCTLR_EL1.A", sctlr, Sctlr.A, false);
    long tcr = vcpu.tcr();
    requireBit("TCR_EL1.EPD0", tcr, Tcr.EPD0, false);
    requireBit("TCR_EL1.HPD0", tcr, Tcr.HPD0, false);
    requireBit("TCR_EL1.DS", tcr, Tcr.DS, tables.mode().isLpa2());
    requireField("TCR_EL1.T0SZ", tcr, Tcr.T0SZ, Long.SIZE - tables.mode().virtualBits());
    requireField("TCR_EL1.TG0", tcr, Tcr.TG0, Tcr.granule(tables.mode().granule()));
    if (tables.mode().isLpa2()) {
      // Entries cannot say it, and memory that others share must be coherent with them.
      requireField("TCR_EL1.SH0", tcr, Tcr.SH0, Tcr.SH0_INNER);
    }
    requireField("MAIR_EL1", vcpu.mair(), -1, tables.mairTypes().mair());
    requireOutputBits(tcr, tables.physicalBits());
    // Global translations hold for every ASID: the host would find firmware's at its own addresses.
    if (tables.isGlobal()) {
      throw new IllegalArgumentException(
          "pages must not be global in an address space that is entered and left: root=0x"
              + Long.toHexString(tables.root()));
    }
    if (Ttbr.asid(tables.root()) >= SHORT_ASIDS) {
      requireBit("TCR_EL1.AS", tcr, Tcr.AS, true);
    }
  }

  private static void requireOutputBits(long tcr, int needed) {
    int bits = Tcr.outputBits(tcr);
    if (bits < needed) {
      throw new IllegalArgumentException(
          "TCR_EL1.IPS must put out every address of the address space's tables: bits="
              + bits
              + ", needed="
              + needed);
    }
  }

  private static void requireBit(String name, long register, long bit, boolean set) {
    if ((register & bit) != 0 != set) {
      throw new IllegalArgumentException(
          name
              + " must be "
              + (set ? "set" : "clear")
              + " for the address space's tables: register=0x"
              + Long.toHexString(register));
    }
  }

  private static void requireField(String name, long register, long mask, long value) {
    if ((register & mask) != value) {
      throw new IllegalArgumentException(
          name
              + " must be that of the address space's tables: register=0x"
              + Long.toHexString(register)
              + ", needed=0x"
              + Long.toHexString(value));
    }
  }
}
