// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.abi;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.RuntimeService;
import io.efirts.x86.vcpu.X86Vcpu;

/**
 * How UEFI passes arguments and results, for both sides of a call.
 *
 * <p>As the caller, {@link #prepareCall} before and {@link #finishCall} after the processor has
 * run; as the one who answers instead of firmware, {@link #readArguments} or {@link #readWords} and
 * then {@link #returnStatus}, with the processor at the first instruction of the function that was
 * called.
 *
 * <p>Used by the thread that has the processor. No method blocks, or allocates but for what it
 * throws. What pointers lead to is not converted. An address that is not mapped is a {@link
 * io.efirts.api.memory.FirmwareFault}; {@link #prepareCall} has then changed no register.
 */
public interface CallingConvention {
  /**
   * Puts a call into registers and onto the stack. What is pushed lies below the stack pointer.
   *
   * @param vcpu the processor; its stack pointer a multiple of 16, as the firmware context sets it
   * @param memory memory as the firmware sees it
   * @param frame the call
   * @param entryPoint address of the function
   * @param returnAddress where it returns to
   * @throws IllegalArgumentException if the stack pointer is not aligned or something does not fit;
   *     nothing was changed then
   */
  void prepareCall(
      X86Vcpu vcpu, AddressSpaceView memory, CallFrame frame, long entryPoint, long returnAddress);

  /**
   * Takes the result of a call that has returned, and the arguments off the stack: the stack
   * pointer is what it was before {@link #prepareCall}, if firmware kept it.
   *
   * @param vcpu the processor, at the return address
   * @param frame the call
   * @return the EFI_STATUS word in its 64-bit form; meaningless for ResetSystem, which has none
   */
  long finishCall(X86Vcpu vcpu, CallFrame frame);

  /**
   * Reads the arguments of a service that was called. Bits beyond a value's width are dropped,
   * since a caller need not clear them.
   *
   * @param vcpu the caller's processor
   * @param memory memory as the caller sees it
   * @param service what was called
   * @param into where the words go, from index 0, with room for every parameter
   * @return how many there are
   */
  int readArguments(X86Vcpu vcpu, AddressSpaceView memory, RuntimeService service, long[] into);

  /**
   * Reads the arguments of a vendor's entry that was called, each as wide as a pointer.
   *
   * @param vcpu the caller's processor
   * @param memory memory as the caller sees it
   * @param count how many there are, 0 or more
   * @param into where the words go, from index 0, with room for all
   */
  void readWords(X86Vcpu vcpu, AddressSpaceView memory, int count, long[] into);

  /**
   * Returns to the caller as the function's last instruction would.
   *
   * @param vcpu the caller's processor, its stack pointer as at the function's first instruction
   * @param memory memory as the caller sees it
   * @param status the EFI_STATUS word in its 64-bit form
   * @throws IllegalArgumentException if the status has no form of the convention's width; nothing
   *     was changed then
   */
  void returnStatus(X86Vcpu vcpu, AddressSpaceView memory, long status);
}
