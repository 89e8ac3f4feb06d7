// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.Cpacr;
import io.efirts.arm64.vcpu.Daif;
import io.efirts.arm64.vcpu.FpsimdImage;
import io.efirts.arm64.vcpu.Svcr;
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

  private static final int PLATFORM = Arm64Register.X18.ordinal();
  private static final int FIRST_PRESERVED = Arm64Register.X19.ordinal();
  private static final int LAST_PRESERVED = Arm64Register.X29.ordinal();
  private static final int LINK = Arm64Register.X30.ordinal();
  private static final int SP = Arm64Register.SP.ordinal();

  /** Of V8 to V15 the lower halves are preserved. */
  private static final int FIRST_PRESERVED_V = 8 * FpsimdImage.V_BYTES;

  private static final int BEHIND_PRESERVED_V = 16 * FpsimdImage.V_BYTES;

  /** The entry's stack: all of it, and its index among the context's. */
  private final MemorySegment stack;

  private final EfiStacks stacks;
  private final int index;
  private final MaskedSpan masked = new MaskedSpan();

  private final long[] registers = new long[Arm64Register.COUNT];
  private final MemorySegment fpState = FpsimdImage.initial();

  /** What lies beyond the baseline; empty on a processor that has nothing there. */
  private final MemorySegment vectorState;

  private long pc;
  private long daif;
  private long ttbr0;
  private long tcr;
  private long mair;
  private long sctlr;
  private long cpacr;
  private long svcr;

  private long insideTtbr0;
  private long insidePc;

  /** What the registers hold when firmware has come back. */
  private final MemorySegment fpStateAfter = FpsimdImage.initial();

  /** Where this entry is inside, or null. */
  private Arm64Vcpu vcpu;

  /** Higher than that of every entry made before. */
  private long order;

  private boolean preemptible;
  private boolean unwound;

  /**
   * Room for one entry at a time.
   *
   * @param stacks the layout of stacks
   * @param index which one is the entry's
   * @param stack its bytes
   * @param vectorStateBytes how much the processor has beyond the baseline
   */
  EntryState(EfiStacks stacks, int index, MemorySegment stack, int vectorStateBytes) {
    this.stacks = stacks;
    this.index = index;
    this.stack = stack;
    this.vectorState = MemorySegment.ofArray(new byte[vectorStateBytes]);
  }

  boolean isPreemptible() {
    return preemptible;
  }

  MaskedSpan masked() {
    return masked;
  }

  /** Keeps what is on the processor. */
  void save(Arm64Vcpu entered, boolean canBePreempted, long orderOfEntry) {
    vcpu = entered;
    order = orderOfEntry;
    preemptible = canBePreempted;
    unwound = false;
    for (int i = 0; i < Arm64Register.COUNT; i++) {
      registers[i] = entered.get(Arm64Register.of(i));
    }
    pc = entered.pc();
    daif = entered.daif();
    ttbr0 = entered.addressSpaceRoot();
    tcr = entered.tcr();
    mair = entered.mair();
    sctlr = entered.sctlr();
    cpacr = entered.cpacr();
    svcr = entered.svcr();
    entered.saveFpState(fpState);
    if (vectorState.byteSize() != 0) {
      entered.saveVectorState(vectorState);
    }
  }

  /**
   * Sets what UEFI 2.10 section 2.3.6 wants firmware to find, but for the address space. Interrupts
   * stay as they are.
   */
  void set(MemorySegment initialFpState, boolean hasReturnAddress, long address) {
    if (insideCpacr() != cpacr) {
      vcpu.loadCpacr(insideCpacr());
    }
    if (insideSvcr() != svcr) {
      vcpu.loadSvcr(insideSvcr());
    }
    vcpu.loadFpState(initialFpState);
    vcpu.set(Arm64Register.SP, stacks.start(index));
    insidePc = hasReturnAddress ? address : pc;
    if (insidePc != pc) {
      vcpu.loadPc(insidePc);
    }
    stack.set(LONG, 0, CANARY);
    stack.set(LONG, recordOffset(), registers[SP]);
  }

  private long insideCpacr() {
    return cpacr | Cpacr.FPEN;
  }

  private long insideSvcr() {
    return svcr & ~Svcr.SM;
  }

  private long recordOffset() {
    return stack.byteSize() - EfiStacks.RECORD_BYTES;
  }

  /** Activates the address space. */
  void activate(long root) {
    insideTtbr0 = root;
    RootSwitch.activate(vcpu, root);
  }

  /** Whether it is inside on a processor, and was entered after another one, or null. */
  boolean isInnerOf(EntryState other, Arm64Vcpu processor) {
    return vcpu == processor && (other == null || order > other.order);
  }

  /** Whether a stack pointer is one of its stack or guard page. */
  boolean hasOnStack(long stackPointer) {
    return stackPointer >= stacks.bottom(index) - stacks.granule().bytes()
        && stackPointer <= stacks.start(index);
  }

  /**
   * Ends a call that has faulted: the processor goes on where the call would have returned, with
   * the caller's registers, and EFI_ABORTED as the result.
   */
  void unwind() {
    unwound = true;
    vcpu.set(Arm64Register.X0, EfiStatusCode.ABORTED);
    for (int i = PLATFORM; i <= LINK; i++) {
      vcpu.set(Arm64Register.of(i), registers[i]);
    }
    vcpu.set(Arm64Register.SP, registers[SP]);
    vcpu.loadDaif(daif);
    vcpu.loadPc(insidePc);
  }

  /**
   * What firmware has broken, a mask of {@link ContextRepair#bit}s. Registers tell nothing about a
   * call that has not come back: only the stack's ends are looked at then.
   */
  int broken() {
    boolean intact =
        stack.get(LONG, 0) == CANARY && stack.get(LONG, recordOffset()) == registers[SP];
    int mask = intact ? 0 : ContextRepair.STACK.bit();
    return hasReturned() ? mask | brokenRegisters() : mask;
  }

  private boolean hasReturned() {
    return !unwound && vcpu.pc() == insidePc;
  }

  /** What firmware returned with; what the entry found if it has not come back. */
  long returnedDaif() {
    return hasReturned() ? vcpu.daif() : daif;
  }

  private int brokenRegisters() {
    vcpu.saveFpState(fpStateAfter);
    int mask = 0;
    if (((vcpu.daif() ^ daif) & Daif.MASK) != 0) {
      mask |= ContextRepair.INTERRUPT_MASK.bit();
    }
    if (FpsimdImage.fpcr(fpStateAfter) != 0) {
      mask |= ContextRepair.FP_CONTROL.bit();
    }
    if (vcpu.get(Arm64Register.X18) != registers[PLATFORM]) {
      mask |= ContextRepair.PLATFORM_REGISTER.bit();
    }
    if (isPreservedChanged() || isSystemChanged()) {
      mask |= ContextRepair.PRESERVED_REGISTER.bit();
    }
    if (vcpu.addressSpaceRoot() != insideTtbr0) {
      mask |= ContextRepair.ADDRESS_SPACE_ROOT.bit();
    }
    if (vcpu.get(Arm64Register.SP) != stacks.start(index)) {
      mask |= ContextRepair.STACK.bit();
    }
    return mask;
  }

  private boolean isPreservedChanged() {
    for (int i = FIRST_PRESERVED; i <= LAST_PRESERVED; i++) {
      if (vcpu.get(Arm64Register.of(i)) != registers[i]) {
        return true;
      }
    }
    // They were handed over as 0.
    for (int at = FIRST_PRESERVED_V; at < BEHIND_PRESERVED_V; at += FpsimdImage.V_BYTES) {
      if (fpStateAfter.get(LONG, at) != 0) {
        return true;
      }
    }
    return false;
  }

  private boolean isSystemChanged() {
    return vcpu.tcr() != tcr
        || vcpu.mair() != mair
        || vcpu.sctlr() != sctlr
        || vcpu.cpacr() != insideCpacr()
        || vcpu.svcr() != insideSvcr();
  }

  /** Puts everything back; afterwards this is free for the next entry. */
  void restore() {
    restoreSystem();
    restoreRoot();
    vcpu.loadFpState(fpState);
    if (vectorState.byteSize() != 0) {
      vcpu.loadVectorState(vectorState);
    }
    for (int i = 0; i < Arm64Register.COUNT; i++) {
      vcpu.set(Arm64Register.of(i), registers[i]);
    }
    vcpu.loadPc(pc);
    vcpu.loadDaif(daif);
    stack.set(LONG, recordOffset(), 0);
    vcpu = null;
  }

  private void restoreSystem() {
    if (vcpu.tcr() != tcr) {
      vcpu.loadTcr(tcr);
    }
    if (vcpu.mair() != mair) {
      vcpu.loadMair(mair);
    }
    if (vcpu.sctlr() != sctlr) {
      vcpu.loadSctlr(sctlr);
    }
    if (vcpu.cpacr() != cpacr) {
      vcpu.loadCpacr(cpacr);
    }
    if (vcpu.svcr() != svcr) {
      vcpu.loadSvcr(svcr);
    }
  }

  private void restoreRoot() {
    if (vcpu.addressSpaceRoot() == insideTtbr0) {
      RootSwitch.activate(vcpu, ttbr0);
    } else {
      RootSwitch.activateClean(vcpu, ttbr0);
    }
  }
}
