// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import io.efirts.dispatch.mode.DispatcherMode;

/**
 * What the gate is for one thread: the rules of its word on plain fields, written down a second
 * time and without a bit. The operations are those of {@link GateLinearizabilityTest}.
 */
public final class GateModel {
  private DispatcherMode mode = DispatcherMode.OPEN;
  private GatePhase phase = GatePhase.FREE;
  private GateOwner owner = GateOwner.NOBODY;
  private int target = GateTarget.NONE;
  private long token;
  private boolean waiter;
  private boolean resetWaiter;
  private boolean damaged;
  private final long[] tokens = new long[GateLinearizabilityTest.MOST_THREADS];

  /** A free gate in mode OPEN. */
  public GateModel() {}

  public long tryAcquire(int thread, int target) {
    return isFree() && !waiter && !resetWaiter && mode == DispatcherMode.OPEN
        ? take(thread, GateOwner.BYPASS, target, GatePhase.HELD)
        : FirmwareGate.NOT_ACQUIRED;
  }

  public long tryAcquireAsWorker(int thread, int target) {
    if (!makesCalls()) {
      return FirmwareGate.NOT_ACQUIRED;
    }
    waiter = !isFree() || resetWaiter;
    return waiter
        ? FirmwareGate.NOT_ACQUIRED
        : take(thread, GateOwner.WORKER, target, GatePhase.ENTERED);
  }

  public long tryAcquireForReset(int thread, int target) {
    if (!makesCalls()) {
      return FirmwareGate.NOT_ACQUIRED;
    }
    resetWaiter = !isFree();
    return resetWaiter
        ? FirmwareGate.NOT_ACQUIRED
        : take(thread, GateOwner.RESET, target, GatePhase.HELD);
  }

  public long seize(int thread) {
    if (mode != DispatcherMode.EMERGENCY) {
      return FirmwareGate.NOT_ACQUIRED;
    }
    damaged |= phase == GatePhase.ENTERED || phase == GatePhase.WEDGED;
    waiter = false;
    resetWaiter = false;
    return take(thread, GateOwner.EMERGENCY, GateTarget.NONE, GatePhase.HELD);
  }

  public long seizeForReset(int thread, boolean wedged, int target) {
    if (mode != DispatcherMode.DISABLED || phase != (wedged ? GatePhase.WEDGED : GatePhase.FREE)) {
      return FirmwareGate.NOT_ACQUIRED;
    }
    resetWaiter = false;
    return take(thread, GateOwner.RESET, target, GatePhase.HELD);
  }

  private long take(int thread, GateOwner by, int what, GatePhase where) {
    token++;
    owner = by;
    target = what;
    phase = where;
    tokens[thread] = token;
    return token;
  }

  public boolean enter(int thread) {
    boolean mayEnter =
        makesCalls()
            || owner == GateOwner.EMERGENCY
            || owner == GateOwner.RESET && damaged && mode == DispatcherMode.DISABLED;
    if (tokens[thread] != token || phase != GatePhase.HELD || !mayEnter) {
      return false;
    }
    phase = GatePhase.ENTERED;
    return true;
  }

  public boolean exit(int thread) {
    if (tokens[thread] != token || phase != GatePhase.ENTERED) {
      return false;
    }
    phase = GatePhase.HELD;
    return true;
  }

  public boolean release(int thread) {
    if (tokens[thread] != token || !isTaken()) {
      return false;
    }
    free();
    return true;
  }

  public void releaseAsWorker() {
    if (isTaken() && owner == GateOwner.WORKER) {
      free();
    }
  }

  private void free() {
    phase = GatePhase.FREE;
    owner = GateOwner.NOBODY;
    target = GateTarget.NONE;
  }

  public void withdrawWaiter() {
    waiter = false;
  }

  public void withdrawResetWaiter() {
    resetWaiter = false;
  }

  public boolean wedge(int wedged) {
    if (token != wedged || !isTaken()) {
      return false;
    }
    giveUpOnOwner();
    return true;
  }

  private void giveUpOnOwner() {
    phase = GatePhase.WEDGED;
    waiter = false;
    resetWaiter = false;
    damaged();
  }

  public void damaged() {
    damaged = true;
    if (mode == DispatcherMode.OPEN) {
      mode = DispatcherMode.DISABLED;
    } else if (mode == DispatcherMode.DRAINING) {
      mode = DispatcherMode.CLOSED;
    }
  }

  public void workerDied() {
    if (isTaken() && owner == GateOwner.WORKER) {
      giveUpOnOwner();
    } else {
      waiter = false;
      damaged();
    }
  }

  public boolean drain() {
    return change(DispatcherMode.OPEN, DispatcherMode.DRAINING);
  }

  public boolean close() {
    return change(DispatcherMode.DRAINING, DispatcherMode.CLOSED);
  }

  public boolean emergency(boolean disabled) {
    return change(
        disabled ? DispatcherMode.DISABLED : DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
  }

  public boolean endEmergency() {
    return change(DispatcherMode.EMERGENCY, DispatcherMode.DEAD);
  }

  public boolean replace() {
    return !isTaken() && change(DispatcherMode.DISABLED, DispatcherMode.REPLACED);
  }

  private boolean change(DispatcherMode from, DispatcherMode to) {
    if (mode != from) {
      return false;
    }
    mode = to;
    return true;
  }

  public String look() {
    return GateLinearizabilityTest.words(
        mode, phase, owner, target, token, waiter, resetWaiter, damaged);
  }

  private boolean makesCalls() {
    return mode == DispatcherMode.OPEN || mode == DispatcherMode.DRAINING;
  }

  private boolean isFree() {
    return phase == GatePhase.FREE;
  }

  private boolean isTaken() {
    return phase == GatePhase.HELD || phase == GatePhase.ENTERED;
  }
}
