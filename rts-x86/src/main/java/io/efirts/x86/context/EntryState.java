// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.x86.vcpu.Cr0;
import io.efirts.x86.vcpu.Cr3;
import io.efirts.x86.vcpu.Cr4;
import io.efirts.x86.vcpu.FxsaveImage;
import io.efirts.x86.vcpu.Rflags;
import io.efirts.x86.vcpu.X86Register;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One entry: what it found on the processor, what it handed to firmware, and its stack. Everything
 * lies in fields and memory made beforehand; nothing here allocates, blocks or throws.
 */
final class EntryState implements FirmwareContext.SaveArea {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** "EFISTACK". */
  private static final long CANARY = 0x4B43_4154_5349_4645L;

  /** In the Microsoft x64 convention XMM6 to XMM15 are preserved. */
  private static final int FIRST_PRESERVED_XMM = FxsaveImage.XMM_OFFSET + 6 * 16;

  private static final int BEHIND_XMM = FxsaveImage.XMM_OFFSET + 16 * 16;

  private static final X86Register[] PRESERVED_32 = {
    X86Register.RBX, X86Register.RBP, X86Register.RSI, X86Register.RDI
  };
  private static final X86Register[] PRESERVED_64 = {
    X86Register.RBX,
    X86Register.RBP,
    X86Register.RSI,
    X86Register.RDI,
    X86Register.R12,
    X86Register.R13,
    X86Register.R14,
    X86Register.R15
  };

  private final boolean longMode;
  private final int registerCount;
  private final X86Register[] preserved;
  private final long stackTop;
  private final MemorySegment canary;

  private final long[] registers = new long[X86Register.COUNT];
  private final MemorySegment fpState = FxsaveImage.initial();
  private long rip;
  private long rflags;
  private long cr0;
  private long cr3;
  private long cr4;
  private long efer;

  private long insideCr0;
  private long insideCr3;
  private long insideRip;

  /** What the units hold when firmware has come back. */
  private final MemorySegment fpStateAfter = FxsaveImage.initial();

  /**
   * Room for one entry at a time.
   *
   * @param longMode whether the processor is in long mode
   * @param stackTop where the stack pointer starts
   * @param canary the lowest 8 bytes of the stack
   */
  EntryState(boolean longMode, long stackTop, MemorySegment canary) {
    this.longMode = longMode;
    this.registerCount = longMode ? X86Register.COUNT : X86Register.COUNT / 2;
    this.preserved = longMode ? PRESERVED_64 : PRESERVED_32;
    this.stackTop = stackTop;
    this.canary = canary;
  }

  /** Keeps what is on the processor. */
  void save(X86Vcpu vcpu) {
    for (int i = 0; i < registerCount; i++) {
      registers[i] = vcpu.get(X86Register.of(i));
    }
    rip = vcpu.rip();
    rflags = vcpu.rflags();
    cr0 = vcpu.cr0();
    cr3 = vcpu.addressSpaceRoot();
    cr4 = vcpu.cr4();
    efer = vcpu.efer();
    vcpu.saveFpState(fpState);
  }

  /**
   * Sets what UEFI 2.10 section 2.3.4 wants firmware to find, but for the address space. The
   * interrupt flag stays as it is.
   */
  void set(X86Vcpu vcpu, MemorySegment initialFpState, boolean hasReturnAddress, long address) {
    insideCr0 = cr0 & ~(Cr0.EM | Cr0.TS);
    if (insideCr0 != cr0) {
      vcpu.loadCr0(insideCr0);
    }
    vcpu.loadFpState(initialFpState);
    vcpu.loadRflags(rflags & ~Rflags.DF);
    vcpu.set(X86Register.RSP, stackTop);
    insideRip = hasReturnAddress ? address : rip;
    if (insideRip != rip) {
      vcpu.loadRip(insideRip);
    }
    canary.set(LONG, 0, CANARY);
  }

  /**
   * Activates the address space.
   *
   * @param root the value for CR3, possibly with {@link Cr3#NO_FLUSH}
   */
  void activate(X86Vcpu vcpu, long root) {
    insideCr3 = root & ~Cr3.NO_FLUSH;
    vcpu.loadAddressSpaceRoot(root);
  }

  /**
   * What firmware has broken, a mask of {@link ContextRepair#bit}s. Registers tell nothing about a
   * call that has not come back: only the stack's canary is looked at then.
   */
  int broken(X86Vcpu vcpu) {
    int mask = canary.get(LONG, 0) == CANARY ? 0 : ContextRepair.STACK.bit();
    return vcpu.rip() == insideRip ? mask | brokenRegisters(vcpu) : mask;
  }

  private int brokenRegisters(X86Vcpu vcpu) {
    vcpu.saveFpState(fpStateAfter);
    long flags = vcpu.rflags();
    int mask = 0;
    if (((flags ^ rflags) & Rflags.IF) != 0) {
      mask |= ContextRepair.INTERRUPT_MASK.bit();
    }
    if ((flags & Rflags.DF) != 0) {
      mask |= ContextRepair.DIRECTION_FLAG.bit();
    }
    if (isFpControlChanged()) {
      mask |= ContextRepair.FP_CONTROL.bit();
    }
    if (vcpu.cr0() != insideCr0
        || vcpu.cr4() != cr4
        || vcpu.efer() != efer
        || isPreservedChanged(vcpu)) {
      mask |= ContextRepair.PRESERVED_REGISTER.bit();
    }
    if (!isActive(vcpu)) {
      mask |= ContextRepair.ADDRESS_SPACE_ROOT.bit();
    }
    if (vcpu.get(X86Register.RSP) != stackTop) {
      mask |= ContextRepair.STACK.bit();
    }
    return mask;
  }

  private boolean isFpControlChanged() {
    int fcw = FxsaveImage.fcw(fpStateAfter) ^ FxsaveImage.INITIAL_FCW;
    int mxcsr = FxsaveImage.mxcsr(fpStateAfter) ^ FxsaveImage.INITIAL_MXCSR;
    return (fcw & FxsaveImage.FCW_CONTROL) != 0 || (mxcsr & FxsaveImage.MXCSR_CONTROL) != 0;
  }

  private boolean isPreservedChanged(X86Vcpu vcpu) {
    for (X86Register register : preserved) {
      if (vcpu.get(register) != registers[register.ordinal()]) {
        return true;
      }
    }
    if (longMode) {
      // They were handed over as 0.
      for (int offset = FIRST_PRESERVED_XMM; offset < BEHIND_XMM; offset += Long.BYTES) {
        if (fpStateAfter.get(LONG, offset) != 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether firmware's tables are still active. */
  boolean isActive(X86Vcpu vcpu) {
    return vcpu.addressSpaceRoot() == insideCr3;
  }

  /**
   * Puts everything back.
   *
   * @param pcid the PCID firmware ran with: another PCID's translations are still good; 0 if there
   *     are none, or none is to be relied on
   */
  void restore(X86Vcpu vcpu, long pcid) {
    if ((cr4 & ~vcpu.cr4() & Cr4.PCIDE) != 0) {
      // A processor does not take CR4.PCIDE while CR3 holds a PCID.
      vcpu.loadAddressSpaceRoot(insideCr3 & ~Cr3.PCID);
    }
    if (vcpu.cr4() != cr4) {
      vcpu.loadCr4(cr4);
    }
    if (vcpu.efer() != efer) {
      vcpu.loadEfer(efer);
    }
    vcpu.loadFpState(fpState);
    if (vcpu.cr0() != cr0) {
      vcpu.loadCr0(cr0);
    }
    boolean keepsTranslations = pcid != 0 && (cr4 & Cr4.PCIDE) != 0 && (cr3 & Cr3.PCID) != pcid;
    vcpu.loadAddressSpaceRoot(keepsTranslations ? cr3 | Cr3.NO_FLUSH : cr3);
    for (int i = 0; i < registerCount; i++) {
      vcpu.set(X86Register.of(i), registers[i]);
    }
    vcpu.loadRip(rip);
    vcpu.loadRflags(rflags);
  }
}
