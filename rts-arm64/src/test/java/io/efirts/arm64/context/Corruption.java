// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spi.ContextRepair;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.FpsimdImage;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** What firmware can break on an arm64 processor, one thing each, and what it counts as. */
enum Corruption {
  IRQ_MASK(ContextRepair.INTERRUPT_MASK, vcpu -> vcpu.loadDaif(vcpu.daif() ^ 0x80)),
  FIQ_MASK(ContextRepair.INTERRUPT_MASK, vcpu -> vcpu.loadDaif(vcpu.daif() ^ 0x40)),
  SERROR_MASK(ContextRepair.INTERRUPT_MASK, vcpu -> vcpu.loadDaif(vcpu.daif() ^ 0x100)),
  DEBUG_MASK(ContextRepair.INTERRUPT_MASK, vcpu -> vcpu.loadDaif(vcpu.daif() ^ 0x200)),
  ROUNDING(ContextRepair.FP_CONTROL, vcpu -> touchFpState(vcpu, FpsimdImage.FPCR_OFFSET + 2)),
  X18(ContextRepair.PLATFORM_REGISTER, Arm64Register.X18),
  X19(Arm64Register.X19),
  X20(Arm64Register.X20),
  X21(Arm64Register.X21),
  X22(Arm64Register.X22),
  X23(Arm64Register.X23),
  X24(Arm64Register.X24),
  X25(Arm64Register.X25),
  X26(Arm64Register.X26),
  X27(Arm64Register.X27),
  X28(Arm64Register.X28),
  X29(Arm64Register.X29),
  V8(ContextRepair.PRESERVED_REGISTER, vcpu -> touchFpState(vcpu, 8 * 16)),
  V15(ContextRepair.PRESERVED_REGISTER, vcpu -> touchFpState(vcpu, 15 * 16 + 7)),
  TCR_T0SZ(ContextRepair.PRESERVED_REGISTER, vcpu -> vcpu.loadTcr(vcpu.tcr() + 1)),
  MAIR(ContextRepair.PRESERVED_REGISTER, vcpu -> vcpu.loadMair(vcpu.mair() ^ 0x44)),
  SCTLR_WXN(ContextRepair.PRESERVED_REGISTER, vcpu -> vcpu.loadSctlr(vcpu.sctlr() | 1L << 19)),
  CPACR_FPEN(ContextRepair.PRESERVED_REGISTER, vcpu -> vcpu.loadCpacr(0)),
  STREAMING_MODE(ContextRepair.PRESERVED_REGISTER, vcpu -> vcpu.loadSvcr(vcpu.svcr() | 1)),
  TTBR0(
      ContextRepair.ADDRESS_SPACE_ROOT,
      vcpu -> vcpu.loadAddressSpaceRoot(vcpu.addressSpaceRoot() + 0x1000)),
  STACK_POINTER(ContextRepair.STACK, Arm64Register.SP),
  STACK_OVERFLOW(ContextRepair.STACK) {
    @Override
    void make(TestMachine machine, AddressSpaceView memory) {
      for (int i = 0; i < machine.stacks().count(); i++) {
        memory.putByte(machine.stacks().bottom(i) + 7, (byte) 0);
      }
    }
  },
  STACK_UNDERFLOW(ContextRepair.STACK) {
    @Override
    void make(TestMachine machine, AddressSpaceView memory) {
      for (int i = 0; i < machine.stacks().count(); i++) {
        memory.putByte(machine.stacks().start(i), (byte) 0x5A);
      }
    }
  };

  private final ContextRepair kind;
  private final Consumer<ModelArm64Vcpu> action;

  Corruption(ContextRepair kind) {
    this(kind, (Consumer<ModelArm64Vcpu>) null);
  }

  Corruption(Arm64Register register) {
    this(ContextRepair.PRESERVED_REGISTER, register);
  }

  Corruption(ContextRepair kind, Arm64Register register) {
    this(kind, vcpu -> vcpu.set(register, vcpu.get(register) + 1));
  }

  Corruption(ContextRepair kind, Consumer<ModelArm64Vcpu> action) {
    this.kind = kind;
    this.action = action;
  }

  ContextRepair kind() {
    return kind;
  }

  /** Whether it is of the processor, not of memory. */
  boolean isOfRegisters() {
    return action != null;
  }

  /** Breaks it, from inside the firmware. */
  void make(TestMachine machine, AddressSpaceView memory) {
    action.accept(machine.vcpu());
  }

  /** Floating-point registers in use everywhere. */
  static MemorySegment filledFpState() {
    return FpsimdImage.initial().fill((byte) 0x5A);
  }

  private static void touchFpState(ModelArm64Vcpu vcpu, int offset) {
    MemorySegment image = FpsimdImage.initial();
    vcpu.saveFpState(image);
    image.set(JAVA_BYTE, offset, (byte) 0x40);
    vcpu.loadFpState(image);
  }
}
