// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.AbiCalls;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.call.SystemCalls;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import io.efirts.dispatch.path.ResetFallbacks;
import io.efirts.dispatch.path.SeizingPath;
import io.efirts.dispatch.policy.RebootHook;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * ResetSystem, on the calling thread: it may come when the worker is gone or hangs, and it is not
 * expected to return.
 *
 * <pre>
 *  hooks --> type of a pending capsule --> gate, waited for or seized --> firmware
 *                                              |                             | faults, hangs, returns
 *                                              `--- cannot be called ------> fallbacks, one by one
 * </pre>
 *
 * <p>Any thread. Waits a bounded time for the gate; the hooks and fallbacks take as long as they
 * take.
 */
public final class ResetSequence {
  private static final int TARGET = GateTarget.of(RuntimeService.RESET_SYSTEM);
  private static final long LOOK_NANOS = 20_000;
  private static final ResetType[] TYPES = ResetType.values();

  private final Instances instances;
  private final InterruptControl interrupts;
  private final NanoClock clock;
  private final long waitNanos;
  private final PendingCapsule capsule;
  private final List<RebootHook> hooks;
  private final ResetFallbacks fallbacks;
  private final Observer observer;
  private final Watchman watchman;

  /** The type the thread inside the firmware has asked for, for when it hangs there. */
  private volatile ResetType underWay;

  /**
   * The sequence of a dispatcher.
   *
   * @param instances which firmware to call
   * @param interrupts defers cooperative stops while this has the gate
   * @param clock tells the time
   * @param waitNanos longest wait for the gate
   * @param capsule which reset is pending
   * @param hooks run before
   * @param fallbacks tried after firmware
   * @param observer takes what they throw
   * @param watchman watches over the call
   */
  public ResetSequence(
      Instances instances,
      InterruptControl interrupts,
      NanoClock clock,
      long waitNanos,
      PendingCapsule capsule,
      List<RebootHook> hooks,
      ResetFallbacks fallbacks,
      Observer observer,
      Watchman watchman) {
    this.instances = instances;
    this.interrupts = interrupts;
    this.clock = clock;
    this.waitNanos = waitNanos;
    this.capsule = capsule;
    this.hooks = new CopyOnWriteArrayList<>(hooks);
    this.fallbacks = fallbacks;
    this.observer = observer;
    this.watchman = watchman;
  }

  /**
   * Adds a hook behind those that are there.
   *
   * @param hook runs before the next reset
   */
  public void addHook(RebootHook hook) {
    hooks.add(hook);
  }

  /**
   * Takes a hook away. One that runs at this moment goes on.
   *
   * @param hook does not run before later resets
   */
  public void removeHook(RebootHook hook) {
    hooks.remove(hook);
  }

  /**
   * Resets.
   *
   * @param requested the type asked for; a pending capsule's type wins
   * @param status why
   * @param data more about it, or null
   * @return what firmware said, if it came back, or why it was not asked
   */
  public CallResult resetSystem(ResetType requested, EfiStatus status, MemorySegment data) {
    CallResult refused = refusedAtOnce();
    if (refused != null) {
      return refused;
    }
    ResetType type = begin(requested);
    long start = clock.nanoTime();
    boolean interrupted = false;
    for (long looks = waitNanos / LOOK_NANOS; ; looks--) {
      SeizingPath path = instances.current().reset();
      CallResult result = null;
      long previous = interrupts.disable();
      long hold = FirmwareGate.NOT_ACQUIRED;
      try {
        hold = path.holdForReset(TARGET);
        if (hold != FirmwareGate.NOT_ACQUIRED) {
          restoreInterrupt(interrupted);
          type = capsule.resetTypeOr(type);
          RuntimeCall item = path.item();
          SystemCalls.packResetSystem(item, type, status, data);
          result = execute(path, hold, item, type);
        }
      } finally {
        path.letGo(hold);
        interrupts.restore(previous);
      }
      if (result != null) {
        return afterFirmware(result, type);
      }
      if (!mayTryAgain(start, looks)) {
        restoreInterrupt(interrupted);
        return afterFirmware(refusal(), type);
      }
      interrupted |= waitOnce();
    }
  }

  /**
   * Resets, by words.
   *
   * @param word0 ResetType; a pending capsule's type wins
   * @param word1 ResetStatus
   * @param word2 DataSize
   * @param word3 ResetData
   * @return what firmware said, if it came back, or why it was not asked
   */
  public CallResult resetSystem(long word0, long word1, long word2, long word3) {
    CallResult refused = refusedAtOnce();
    if (refused != null) {
      return refused;
    }
    ResetType type = begin(typeOf((int) word0));
    long start = clock.nanoTime();
    boolean interrupted = false;
    for (long looks = waitNanos / LOOK_NANOS; ; looks--) {
      SeizingPath path = instances.current().reset();
      CallResult result = null;
      long previous = interrupts.disable();
      long hold = FirmwareGate.NOT_ACQUIRED;
      try {
        hold = path.holdForReset(TARGET);
        if (hold != FirmwareGate.NOT_ACQUIRED) {
          restoreInterrupt(interrupted);
          ResetType pending = capsule.resetType();
          type = pending == null ? type : pending;
          long typeWord = pending == null ? word0 : pending.code();
          RuntimeCall item = path.item();
          AbiCalls.pack(item, RuntimeService.RESET_SYSTEM, typeWord, word1, word2, word3, 0);
          result = execute(path, hold, item, type);
        }
      } finally {
        path.letGo(hold);
        interrupts.restore(previous);
      }
      if (result != null) {
        return afterFirmware(result, type);
      }
      if (!mayTryAgain(start, looks)) {
        restoreInterrupt(interrupted);
        return afterFirmware(refusal(), type);
      }
      interrupted |= waitOnce();
    }
  }

  /** From inside, and where there is nothing to reset any more, not even the hooks run. */
  private CallResult refusedAtOnce() {
    ArmedInstance instance = instances.current();
    if (instance.isInside()) {
      return CallResult.refused(Outcome.WOULD_BLOCK, false, false);
    }
    return switch (instance.gate().mode()) {
      case CLOSED, EMERGENCY, DEAD -> refusal();
      case OPEN, DISABLED, DRAINING, REPLACED -> null;
    };
  }

  /** Hooks and fallbacks get a cold reset for a type the specification does not define. */
  private static ResetType typeOf(int code) {
    return code >= 0 && code < TYPES.length ? TYPES[code] : ResetType.COLD;
  }

  /**
   * The hooks run while calls are still accepted; no capsule is from here on, but one that is
   * inside firmware already may still be taken: the type is looked at again with the gate in hand.
   */
  private ResetType begin(ResetType requested) {
    capsule.resetBegins();
    ResetType type = capsule.resetTypeOr(requested);
    for (RebootHook hook : hooks) {
      try {
        hook.beforeReset(type);
      } catch (Throwable thrown) {
        observer.handlerFailed(thrown);
      }
    }
    return type;
  }

  private CallResult execute(SeizingPath path, long hold, RuntimeCall item, ResetType type) {
    underWay = type;
    watchman.wake();
    try {
      return path.execute(hold, item);
    } finally {
      underWay = null;
    }
  }

  /**
   * With stops allowed: this thread has nothing that others wait for. It makes no queued call
   * meanwhile, where callers pump: its own mark would keep it out of the gate.
   *
   * @return whether this thread was interrupted; the flag is taken back, because it would end every
   *     wait at once, and the time for them all with them
   */
  private boolean waitOnce() {
    boolean interrupted = Thread.interrupted();
    clock.parkNanos(this, LOOK_NANOS);
    return interrupted;
  }

  private static void restoreInterrupt(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean mayTryAgain(long start, long looks) {
    ArmedInstance instance = instances.current();
    // Counted as well as timed: a virtual clock may stand still.
    boolean late = looks <= 0 || clock.nanoTime() - start >= waitNanos;
    if (late || !instance.gate().mode().makesCalls()) {
      instance.reset().stopWaiting();
      return false;
    }
    return true;
  }

  private CallResult refusal() {
    return CallResult.refused(instances.current().gate().mode().refusal(), false, false);
  }

  private CallResult afterFirmware(CallResult result, ResetType type) {
    // A closed dispatcher resets nothing; an emergency does so itself.
    if (result.outcome() != Outcome.CLOSED && result.outcome() != Outcome.EMERGENCY) {
      fallBack(type);
    }
    return result;
  }

  /** A reset hangs inside the firmware and its gate was wedged. For the one thread that watches. */
  public void hangs() {
    ResetType type = underWay;
    // Once for each reset: the thread inside does not come back to say that it hangs no more.
    underWay = null;
    if (type != null && instances.current().gate().mode() != DispatcherMode.EMERGENCY) {
      fallBack(type);
    }
  }

  private void fallBack(ResetType type) {
    watchman.wake();
    fallbacks.reset(type);
  }
}
