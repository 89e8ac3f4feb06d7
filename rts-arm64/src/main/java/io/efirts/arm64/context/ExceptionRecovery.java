// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.paging.Syndrome;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import java.util.Objects;

/**
 * Ends a call whose code has taken a synchronous exception, so that its caller gets a fault and
 * goes on.
 *
 * <p>Firmware is to blame if its code was running: on the stack of the innermost entry, from an
 * address that TTBR0_EL1 translates. The host's own code is neither, also when it handles an
 * interrupt on top of a call. Of its exceptions those are taken that firmware can cause and the
 * host can go on after: data and instruction aborts, accesses that are not aligned, and branches
 * that miss their landing instruction. Everything else, an SError or a TLB conflict, is the host's
 * to judge.
 *
 * <p>Called by the host's exception handler, or by the hypervisor that runs the processor, on the
 * thread that made the call; never blocks or locks, and allocates the fault only. What is returned
 * is to be thrown out of {@link io.efirts.api.spi.Firmware#call}: the dispatcher disables the
 * services, and leaves the context, before any caller learns of it.
 */
public final class ExceptionRecovery {
  private final Arm64FirmwareContext context;

  /**
   * Recovery of calls in a context. Where a crash context is entered on top of another one, its
   * recovery is asked first.
   *
   * @param context where the calls are made
   */
  public ExceptionRecovery(Arm64FirmwareContext context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  /**
   * Judges an exception that was taken to EL1 from EL1. If it is firmware's, the processor
   * afterwards is at the return address of the call, with EFI_ABORTED in X0, and the caller's X18
   * to X30, stack pointer and interrupt mask; the address space stays until the context is left. Of
   * PSTATE nothing else is set: BTYPE is for whoever returns from the exception to clear.
   *
   * @param vcpu the processor, its general registers and stack pointer as at the fault
   * @param esr ESR_EL1
   * @param far FAR_EL1; where the exception does not set it, the fault is at the instruction
   * @param pc ELR_EL1: the instruction that faulted
   * @return firmware's fault, with the syndrome as its detail; null if the exception is not its,
   *     and nothing was changed
   */
  public FirmwareFault recover(Arm64Vcpu vcpu, int esr, long far, long pc) {
    PagingMode mode = context.mode();
    FirmwareFault fault = faultOf(mode, esr, far, pc);
    if (fault == null || !mode.isCanonical(pc)) {
      return null;
    }
    EntryState entry = context.entryOf(vcpu, vcpu.get(Arm64Register.SP));
    if (entry == null) {
      return null;
    }
    entry.unwind();
    return fault;
  }

  /**
   * What an exception says, whoever has caused it.
   *
   * @param mode how the processor walks the tables of TTBR0_EL1
   * @param esr ESR_EL1
   * @param far FAR_EL1
   * @param pc ELR_EL1
   * @return the fault, with the syndrome as its detail; null if it is none that a call can be ended
   *     after
   */
  public static FirmwareFault faultOf(PagingMode mode, int esr, long far, long pc) {
    FaultKind kind = kind(mode, esr, far);
    if (kind == null) {
      return null;
    }
    Access access = kind == FaultKind.BRANCH_TARGET ? Access.EXECUTE : Syndrome.access(esr);
    return new FirmwareFault(kind, Syndrome.hasAddress(esr) ? far : pc, access, esr);
  }

  private static FaultKind kind(PagingMode mode, int esr, long far) {
    return switch (Syndrome.exceptionClass(esr)) {
      case Syndrome.BRANCH_TARGET -> FaultKind.BRANCH_TARGET;
      case Syndrome.DATA_ABORT, Syndrome.INSTRUCTION_ABORT -> abortKind(mode, esr, far);
      default -> null;
    };
  }

  private static FaultKind abortKind(PagingMode mode, int esr, long far) {
    return switch (Syndrome.faultStatusAnyLevel(esr)) {
      case Syndrome.TRANSLATION ->
          mode.isCanonical(far) ? FaultKind.NOT_MAPPED : FaultKind.NON_CANONICAL;
      case Syndrome.PERMISSION, Syndrome.ACCESS_FLAG -> FaultKind.PROTECTION;
      case Syndrome.ADDRESS_SIZE, Syndrome.EXTERNAL_ABORT, Syndrome.EXTERNAL_ABORT_ON_WALK ->
          FaultKind.NO_MEMORY;
      case Syndrome.ALIGNMENT -> FaultKind.ALIGNMENT;
      default -> null;
    };
  }
}
