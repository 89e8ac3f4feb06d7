// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

/** Whether calls in a context can be preempted, and if not, why. */
public enum Preemption {
  /**
   * Calls of a task that has adopted the address space are preemptible; those of others, and those
   * from interrupts, disable preemption.
   */
  PREEMPTIBLE("calls of the task that adopted the address space are preemptible"),

  /** The context was made for one processor, without a scheduler. */
  NO_SCHEDULER("calls have the processor to themselves: there is no scheduler"),

  /** Every call disables preemption. */
  SOFTWARE_PAN("calls disable preemption: software PAN puts other roots into TTBR0_EL1");

  private final String text;

  Preemption(String text) {
    this.text = text;
  }

  /**
   * Says it in words, for the host's log.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return text;
  }
}
