// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import io.efirts.arm64.vcpu.Arm64Vcpu;

/**
 * The firmware's address space as that of a task: the worker takes it for good, as a thread of a
 * kernel does that has no memory of its own. Between calls it is active whenever the worker runs,
 * so that entering finds it and leaving leaves it; when the worker is preempted inside, the host's
 * scheduler puts it back with the worker's registers.
 *
 * <p>A call under way cannot go on elsewhere: the firmware may be waiting for a secure world that
 * knows the processor it was asked on.
 *
 * <p>Made by {@link Arm64FirmwareContext#adoptedSpace}. One task adopts it: the dispatcher's
 * worker. Nothing here blocks or locks, and only what is thrown is allocated.
 */
public final class AdoptedAddressSpace {
  private final long root;

  /** Where a preemptible call is under way; written by the worker, read by schedulers. */
  private volatile Arm64Vcpu callVcpu;

  AdoptedAddressSpace(long root) {
    this.root = root;
  }

  /**
   * Takes the address space, before the first call. Called by the worker, or for it by whoever
   * starts it. From then on whoever runs with this root counts as the worker: a host that leaves
   * the last root in place for tasks that need none (lazy TLB) must put another one there.
   *
   * @param vcpu the processor on which the worker runs now
   */
  public void adopt(Arm64Vcpu vcpu) {
    RootSwitch.activate(vcpu, root);
  }

  /**
   * Re-activates the address space. Called by the host's scheduler on each processor on which it
   * puts the worker, after the registers and before the worker runs.
   *
   * @param vcpu the processor
   * @throws IllegalStateException if a call is under way on another processor; nothing was changed,
   *     and the worker must be put there
   */
  public void switchedIn(Arm64Vcpu vcpu) {
    Arm64Vcpu own = callVcpu;
    if (own != null && own != vcpu) {
      throw new IllegalStateException(
          "an interrupted call must go on where it was made: madeOn="
              + own
              + ", resumedOn="
              + vcpu);
    }
    RootSwitch.activate(vcpu, root);
  }

  /**
   * Whether a call can be preempted right now, so that the worker is bound to its processor.
   *
   * @return true between entering and leaving by the worker
   */
  public boolean isCallUnderWay() {
    return callVcpu != null;
  }

  void begin(Arm64Vcpu vcpu) {
    callVcpu = vcpu;
  }

  void end() {
    callVcpu = null;
  }
}
