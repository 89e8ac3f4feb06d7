// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

/**
 * What requests need of the machine that the agent runs in; in tests there is none behind it.
 *
 * <p>Called on hot and crash paths: no method allocates, or takes a lock that a stopped thread can
 * hold.
 */
public interface AgentHost {
  /**
   * Whether the machine has not ended.
   *
   * @return false from shortly after its end
   */
  boolean isAlive();

  /**
   * Begins a use: the processor runs until {@link #endUse}. By one thread at a time, which waits
   * for nobody.
   *
   * @return false if the processor could not be made to run
   */
  boolean beginUse();

  /**
   * Lets the processor go on if whoever found it idle before this use may have stopped it since. By
   * the thread whose use it is.
   */
  void keepRunning();

  /** Ends a use: some time later the processor may be paused. */
  void endUse();

  /**
   * Keeps the processor running from now on, whatever other threads were about to do.
   *
   * @return whether it runs
   */
  boolean seize();

  /**
   * Ends a call that does not come back: makes the agent answer {@link Ending#UNWOUND}, some time
   * after this returns. Does nothing to a processor that is not inside.
   *
   * @param agent the agent
   * @param crash whether for a crash, which waits for nobody
   * @return false if that could not be tried
   */
  boolean unwind(Agent agent, boolean crash);

  /**
   * Whether {@link #unwind} sends an interrupt, which may be taken when the call is over; the agent
   * counts those.
   *
   * @return always the same
   */
  boolean unwindsByInterrupt();
}
