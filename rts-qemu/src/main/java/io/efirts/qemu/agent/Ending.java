// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

/** How a request to the agent ended. */
public enum Ending {
  /** It was done; a call has come back. */
  RETURNED,
  /** An exception of the processor ended the call; the registers say which. */
  FAULT,
  /** The call was ended from outside, because it took too long. */
  UNWOUND,
  /** A crash has taken the agent over: this request was not made, or its answer is not known. */
  TAKEN_OVER,
  /** The machine has ended. */
  MACHINE_LOST,
  /** The agent does not answer, and could not be made to. */
  STUCK;

  private static final long RETURNED_CODE = 0;
  private static final long FAULT_CODE = 1;
  private static final long UNWOUND_CODE = 2;

  /** What the agent means by its word. It knows every operation that this side asks for. */
  static Ending of(long code) {
    if (code == RETURNED_CODE) {
      return RETURNED;
    }
    return code == FAULT_CODE ? FAULT : code == UNWOUND_CODE ? UNWOUND : STUCK;
  }
}
