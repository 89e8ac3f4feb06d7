// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.arm64.vcpu.Arm64Vcpu;

/**
 * The host's scheduler, as far as a call has to know it.
 *
 * <p>Called by the thread that makes the call, around it and never inside: must not block, lock,
 * allocate or throw. Each {@code Disable} is followed by its {@code Enable} on every way out; pairs
 * nest.
 */
public interface SchedulerHooks {
  /**
   * The processor that the current task runs on.
   *
   * @return one of the host's processors, all of which are set up alike
   */
  Arm64Vcpu currentVcpu();

  /**
   * Whether the current task may be preempted here: it handles no interrupt, and preemption is not
   * disabled.
   *
   * @return true if so
   */
  boolean isPreemptible();

  /**
   * Whether the host guards user memory by putting another root into TTBR0_EL1 (software PAN): a
   * task that is switched back in may then find another one's root, and no address space can be
   * adopted.
   *
   * @return true if so; asked once
   */
  boolean usesSoftwarePan();

  /** Keeps the current task on its processor; it may be preempted there. */
  void migrateDisable();

  /** Ends {@link #migrateDisable}. */
  void migrateEnable();

  /** Keeps the current task running. */
  void preemptDisable();

  /** Ends {@link #preemptDisable}. */
  void preemptEnable();
}
