// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.abi;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.Passing;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceParameter;
import io.efirts.api.spec.ServiceSignature;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.Arm64Vcpu;

/**
 * The convention of 64-bit UEFI on arm64 (2.10 section 2.3.6), which is Arm's (AAPCS64): arguments
 * in X0 to X7, the result in X0, the return address in X30. No runtime service and no vendor's
 * entry has more than eight arguments, so none lies on the stack.
 *
 * <p>For both sides of a call. As the caller, {@link #prepareCall} before and {@link #finishCall}
 * after the processor has run; as the one who answers instead of firmware, {@link #readArguments}
 * or {@link #readWords} and then {@link #returnStatus}, with the processor at the first instruction
 * of the function that was called.
 *
 * <p>Used by the thread that has the processor; without state. No method blocks, or allocates but
 * for what it throws. What pointers lead to is not converted.
 */
public final class Aapcs64Convention {
  private static final int REGISTER_ARGUMENTS = 8;
  private static final int STACK_ALIGNMENT = 16;

  /** The convention. */
  public Aapcs64Convention() {}

  /**
   * Puts a call into registers. Values narrower than a register are extended with zeros.
   *
   * @param vcpu the processor; its stack pointer a multiple of 16, as the firmware context sets it
   * @param frame the call
   * @param entryPoint address of the function
   * @param returnAddress where it returns to
   * @throws IllegalArgumentException if the stack pointer is not aligned; nothing was changed then
   */
  public void prepareCall(Arm64Vcpu vcpu, CallFrame frame, long entryPoint, long returnAddress) {
    long stack = vcpu.get(Arm64Register.SP);
    if (stack % STACK_ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "stack pointer must be a multiple of 16 before a call: stackPointer=0x"
              + Long.toHexString(stack));
    }
    for (int i = 0; i < frame.argumentCount(); i++) {
      vcpu.set(Arm64Register.of(i), frame.word(i));
    }
    vcpu.set(Arm64Register.X30, returnAddress);
    vcpu.loadPc(entryPoint);
  }

  /**
   * Takes the result of a call that has returned.
   *
   * @param vcpu the processor, at the return address
   * @return the EFI_STATUS word; meaningless for ResetSystem, which has none
   */
  public long finishCall(Arm64Vcpu vcpu) {
    return vcpu.get(Arm64Register.X0);
  }

  /**
   * Reads the arguments of a service that was called. Bits beyond a value's width are dropped,
   * since a caller need not clear them.
   *
   * @param vcpu the caller's processor
   * @param service what was called
   * @param into where the words go, from index 0, with room for every parameter
   * @return how many there are
   * @throws IllegalArgumentException if they do not fit the array
   */
  public int readArguments(Arm64Vcpu vcpu, RuntimeService service, long[] into) {
    ServiceSignature signature = service.signature();
    int count = signature.parameterCount();
    readWords(vcpu, count, into);
    for (int i = 0; i < count; i++) {
      into[i] = narrowed(signature.parameter(i), into[i]);
    }
    return count;
  }

  /**
   * Reads the arguments of a vendor's entry that was called, each as wide as a pointer.
   *
   * @param vcpu the caller's processor
   * @param count how many there are, 0 to 8
   * @param into where the words go, from index 0, with room for all
   * @throws IllegalArgumentException if there cannot be so many, or they do not fit the array
   */
  public void readWords(Arm64Vcpu vcpu, int count, long[] into) {
    if (count < 0 || count > Math.min(REGISTER_ARGUMENTS, into.length)) {
      throw new IllegalArgumentException(
          "arguments must fit the registers and the array: count="
              + count
              + ", length="
              + into.length);
    }
    for (int i = 0; i < count; i++) {
      into[i] = vcpu.get(Arm64Register.of(i));
    }
  }

  /**
   * Returns to the caller as the function's last instruction would.
   *
   * @param vcpu the caller's processor, X30 as at the function's first instruction
   * @param status the EFI_STATUS word
   */
  public void returnStatus(Arm64Vcpu vcpu, long status) {
    vcpu.set(Arm64Register.X0, status);
    vcpu.loadPc(vcpu.get(Arm64Register.X30));
  }

  private static long narrowed(ServiceParameter parameter, long word) {
    return parameter.passing() == Passing.VALUE
        ? word & -1L >>> Long.SIZE - Byte.SIZE * parameter.widthBytes()
        : word;
  }
}
