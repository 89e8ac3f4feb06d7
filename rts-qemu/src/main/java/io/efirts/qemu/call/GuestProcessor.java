// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.qemu.agent.RegisterFile;

/**
 * The guest's processor as a call needs it: a view of one register file, in the terms of its
 * architecture.
 *
 * <p>Used by the thread that makes the call. No method blocks, or allocates but for faults.
 */
public interface GuestProcessor {
  /**
   * The registers that the agent loads and stores.
   *
   * @return always the same file
   */
  RegisterFile registers();

  /**
   * Puts a call into registers and onto the stack.
   *
   * @param frame the call; its memory is written through
   * @param entryPoint address of the function
   */
  void prepareCall(CallFrame frame, long entryPoint);

  /**
   * Takes the result of a call that has come back.
   *
   * @param frame the call
   * @return the EFI_STATUS word
   */
  long finishCall(CallFrame frame);

  /**
   * Whether floating-point registers were loaded since the last time that this was asked, so that
   * the next call begins with them.
   *
   * @return true if so
   */
  boolean takeFloatingPoint();

  /**
   * What an exception means that has ended a call, by the registers it has left.
   *
   * @return the fault
   */
  FirmwareFault fault();

  /**
   * Where the processor was when the call ended, or was ended.
   *
   * @return the program counter
   */
  long programCounter();

  /**
   * The stack pointer.
   *
   * @return its value
   */
  long stackPointer();

  /**
   * Changes the stack pointer.
   *
   * @param address its new value
   */
  void stackPointer(long address);
}
