// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spi.ContextRepair;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.vcpu.Cr0;
import io.efirts.x86.vcpu.Cr4;
import io.efirts.x86.vcpu.Efer;
import io.efirts.x86.vcpu.FxsaveImage;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.Rflags;
import io.efirts.x86.vcpu.X86Register;
import java.lang.foreign.MemorySegment;

/** What firmware can break on an x86 processor, one thing each, and what it counts as. */
enum Corruption {
  INTERRUPT_FLAG(ContextRepair.INTERRUPT_MASK) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadRflags(vcpu.rflags() ^ Rflags.IF);
    }
  },
  DIRECTION_FLAG(ContextRepair.DIRECTION_FLAG) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadRflags(vcpu.rflags() | Rflags.DF);
    }
  },
  X87_PRECISION(ContextRepair.FP_CONTROL) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadFpuControlWord(0x027F);
    }
  },
  SSE_ROUNDING(ContextRepair.FP_CONTROL) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadMxcsr(0x7F80);
    }
  },
  SSE_MASK(ContextRepair.FP_CONTROL) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadMxcsr(0x1F00);
    }
  },
  RBX(X86Register.RBX),
  RBP(X86Register.RBP),
  RSI(X86Register.RSI),
  RDI(X86Register.RDI),
  R12(X86Register.R12),
  R13(X86Register.R13),
  R14(X86Register.R14),
  R15(X86Register.R15),
  XMM6(6, 0),
  XMM15(15, 15),
  CR0_WP(ContextRepair.PRESERVED_REGISTER) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadCr0(vcpu.cr0() & ~Cr0.WP);
    }
  },
  CR4_PGE(ContextRepair.PRESERVED_REGISTER) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadCr4(vcpu.cr4() ^ Cr4.PGE);
    }
  },
  EFER_NXE(ContextRepair.PRESERVED_REGISTER) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadEfer(vcpu.efer() & ~Efer.NXE);
    }
  },
  CR3(ContextRepair.ADDRESS_SPACE_ROOT) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.loadAddressSpaceRoot(vcpu.addressSpaceRoot() + 0x1000);
    }
  },
  STACK_POINTER(ContextRepair.STACK) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      vcpu.set(X86Register.RSP, vcpu.get(X86Register.RSP) - 8);
    }
  },
  STACK_OVERFLOW(ContextRepair.STACK) {
    @Override
    void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
      for (int i = 0; i < TestMachine.stacks().count(); i++) {
        memory.putByte(TestMachine.stacks().bottom(i) + 7, (byte) 0);
      }
    }
  };

  private final ContextRepair kind;
  private final X86Register register;
  private final int xmmOffset;

  Corruption(ContextRepair kind) {
    this(kind, null, 0);
  }

  Corruption(X86Register register) {
    this(ContextRepair.PRESERVED_REGISTER, register, 0);
  }

  Corruption(int xmm, int byteOffset) {
    this(ContextRepair.PRESERVED_REGISTER, null, FxsaveImage.XMM_OFFSET + 16 * xmm + byteOffset);
  }

  Corruption(ContextRepair kind, X86Register register, int xmmOffset) {
    this.kind = kind;
    this.register = register;
    this.xmmOffset = xmmOffset;
  }

  ContextRepair kind() {
    return kind;
  }

  /** Breaks it, from inside the firmware. */
  void make(ModelX86Vcpu vcpu, AddressSpaceView memory) {
    if (register != null) {
      vcpu.set(register, vcpu.get(register) + 1);
    } else {
      MemorySegment image = FxsaveImage.initial();
      vcpu.saveFpState(image);
      image.set(JAVA_BYTE, xmmOffset, (byte) 1);
      vcpu.loadFpState(image);
    }
  }
}
