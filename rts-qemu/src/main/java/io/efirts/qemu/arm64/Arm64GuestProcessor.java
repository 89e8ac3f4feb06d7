// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.arm64;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.arm64.abi.Aapcs64Convention;
import io.efirts.arm64.context.ExceptionRecovery;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.qemu.agent.RegisterFile;
import io.efirts.qemu.call.GuestProcessor;
import java.util.List;
import java.util.Objects;

/** Calls by the convention of UEFI on arm64, and exceptions taken to EL1 (Arm ARM, chapter D1). */
public final class Arm64GuestProcessor implements GuestProcessor {
  private final Aapcs64Convention convention = new Aapcs64Convention();
  private final GuestArm64Vcpu vcpu;
  private final long returnAddress;
  private final PagingMode mode;

  /** Of the contexts in which calls are made. */
  private List<ExceptionRecovery> recoveries = List.of();

  /**
   * Calls on a processor.
   *
   * @param vcpu the processor
   * @param returnAddress where calls return to: in the agent
   * @param mode how it walks page tables
   */
  public Arm64GuestProcessor(GuestArm64Vcpu vcpu, long returnAddress, PagingMode mode) {
    this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
    this.returnAddress = returnAddress;
    this.mode = Objects.requireNonNull(mode, "mode");
  }

  /**
   * Tells in which contexts calls are made, so that a fault is unwound as theirs. Before the first
   * call.
   *
   * @param contexts asked in this order
   */
  public void recoverBy(List<ExceptionRecovery> contexts) {
    recoveries = List.copyOf(contexts);
  }

  @Override
  public RegisterFile registers() {
    return vcpu.file();
  }

  @Override
  public void prepareCall(CallFrame frame, long entryPoint) {
    convention.prepareCall(vcpu, frame, entryPoint, returnAddress);
  }

  @Override
  public long finishCall(CallFrame frame) {
    return convention.finishCall(vcpu);
  }

  @Override
  public boolean takeFloatingPoint() {
    return vcpu.takeFloatingPoint();
  }

  @Override
  public FirmwareFault fault() {
    RegisterFile file = vcpu.file();
    int esr = (int) file.get(GuestArm64Vcpu.ESR);
    long far = file.get(GuestArm64Vcpu.FAR);
    long pc = vcpu.pc();
    if (isInterrupt(file.get(GuestArm64Vcpu.VECTOR))) {
      // The syndrome is that of an exception before it.
      return new FirmwareFault(FaultKind.PROCESSOR_EXCEPTION, pc, Access.EXECUTE, /* detail= */ 0);
    }
    FirmwareFault fault = null;
    for (int i = 0; i < recoveries.size() && fault == null; i++) {
      fault = recoveries.get(i).recover(vcpu, esr, far, pc);
    }
    if (fault == null) {
      // In no context of an address space of ours.
      fault = ExceptionRecovery.faultOf(mode, esr, far, pc);
    }
    return fault != null
        ? fault
        : new FirmwareFault(FaultKind.PROCESSOR_EXCEPTION, pc, Access.EXECUTE, esr);
  }

  /** Each four vectors are: synchronous, IRQ, FIQ, SError. */
  private static boolean isInterrupt(long vector) {
    return (vector & 3) == 1 || (vector & 3) == 2;
  }

  @Override
  public long programCounter() {
    return vcpu.pc();
  }

  @Override
  public long stackPointer() {
    return vcpu.get(Arm64Register.SP);
  }

  @Override
  public void stackPointer(long address) {
    vcpu.set(Arm64Register.SP, address);
  }
}
