// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.x86;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.qemu.agent.RegisterFile;
import io.efirts.qemu.call.GuestProcessor;
import io.efirts.x86.abi.MsX64Convention;
import io.efirts.x86.paging.PageFault;
import io.efirts.x86.vcpu.X86Register;
import java.util.Objects;

/** Calls by the convention of 64-bit UEFI, and exceptions of x86-64 (SDM volume 3A, chapter 6). */
public final class X86GuestProcessor implements GuestProcessor {
  private static final int PAGE_FAULT = 14;

  private final MsX64Convention convention = new MsX64Convention();
  private final GuestX86Vcpu vcpu;
  private final long returnAddress;

  /**
   * Calls on a processor.
   *
   * @param vcpu the processor
   * @param returnAddress where calls return to: in the agent
   */
  public X86GuestProcessor(GuestX86Vcpu vcpu, long returnAddress) {
    this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
    this.returnAddress = returnAddress;
  }

  @Override
  public RegisterFile registers() {
    return vcpu.file();
  }

  @Override
  public void prepareCall(CallFrame frame, long entryPoint) {
    convention.prepareCall(vcpu, frame.memory(), frame, entryPoint, returnAddress);
  }

  @Override
  public long finishCall(CallFrame frame) {
    return convention.finishCall(vcpu, frame);
  }

  @Override
  public boolean takeFloatingPoint() {
    return vcpu.takeFloatingPoint();
  }

  @Override
  public FirmwareFault fault() {
    RegisterFile file = vcpu.file();
    int vector = (int) file.get(GuestX86Vcpu.VECTOR);
    int errorCode = (int) file.get(GuestX86Vcpu.ERROR_CODE);
    if (vector != PAGE_FAULT) {
      return new FirmwareFault(FaultKind.PROCESSOR_EXCEPTION, vcpu.rip(), Access.EXECUTE, vector);
    }
    return new FirmwareFault(
        (errorCode & PageFault.P) == 0 ? FaultKind.NOT_MAPPED : FaultKind.PROTECTION,
        file.get(GuestX86Vcpu.CR2),
        PageFault.access(errorCode),
        errorCode);
  }

  @Override
  public long programCounter() {
    return vcpu.rip();
  }

  @Override
  public long stackPointer() {
    return vcpu.get(X86Register.RSP);
  }

  @Override
  public void stackPointer(long address) {
    vcpu.set(X86Register.RSP, address);
  }
}
