// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.VirtualModeFailure;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.observe.Observer;

/**
 * Calls the firmware inside its context and contains what comes out.
 *
 * <p>Used by whoever has the gate, so by one thread at a time; only a crash entry may come while
 * another thread was stopped inside. Allocates nothing of its own.
 */
public final class FirmwareEntry {
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);

  private final Firmware firmware;

  /** The crash entry, in the shape of a firmware; null if there is none. */
  private final Firmware crashFirmware;

  private final FirmwareGate gate;
  private final StorageReserve reserve;
  private final RtProperties supported;
  private final PendingCapsule capsule;
  private final ContextRepairs repairs;
  private final Observer observer;
  private final FaultRecord fault;

  /**
   * The caller that is inside on its own thread, or null. The worker knows itself and is not noted:
   * every caller reads this field. Plain: the one question asked is whether it is the current
   * thread. A thread that has left cannot read its own name again, since its own later write of
   * null lies in between; others can only read a name that is not theirs.
   */
  private Thread inside;

  /**
   * The way into an instance.
   *
   * @param instance firmware and contexts
   * @param gate where a fault disables the services
   * @param reserveBytes non-volatile storage that writes leave free, 0 for none
   * @param supported which services may be asked
   * @param capsule which reset is pending
   * @param repairs where repairs of the context are noted
   * @param observer where the rest is counted
   */
  public FirmwareEntry(
      FirmwareInstance instance,
      FirmwareGate gate,
      long reserveBytes,
      RtProperties supported,
      PendingCapsule capsule,
      ContextRepairs repairs,
      Observer observer) {
    this.firmware = instance.firmware();
    boolean canCrash = instance.crashContext() != null && instance.failure() == null;
    CrashEntry crashEntry = canCrash ? firmware.crashEntry() : null;
    this.crashFirmware = crashEntry == null ? null : crashEntry::call;
    this.gate = gate;
    this.fault = new FaultRecord(gate);
    this.reserve = new StorageReserve(reserveBytes, supported);
    this.supported = supported;
    this.capsule = capsule;
    this.repairs = repairs;
    this.observer = observer;
  }

  /**
   * Notes why this firmware must not be called at all, and lets no call in. An instance with a
   * failure has no crash entry either.
   *
   * @param failure what went wrong before
   */
  public void unusable(VirtualModeFailure failure) {
    fault.note(RuntimeService.SET_VIRTUAL_ADDRESS_MAP, 0, null, failure);
    gate.damaged();
    observer.count(Counter.FAULTS);
  }

  /**
   * Makes a call. Whatever firmware throws ends here: the services are disabled before this
   * returns, hence before any caller learns of it.
   *
   * @param lane the path's own lane
   * @param item the packed call
   * @return the result, COMPLETED or FAULTED, or a refusal of the call by the storage reserve or
   *     for a pending capsule
   */
  public CallResult call(EntryLane lane, RuntimeCall item) {
    return make(firmware, lane, item);
  }

  /**
   * Makes a call on its caller's own thread; otherwise as {@link #call}.
   *
   * @param lane the path's own lane
   * @param item the packed call
   * @return the result
   */
  public CallResult callDirectly(EntryLane lane, RuntimeCall item) {
    inside = Thread.currentThread();
    try {
      CallResult result = call(lane, item);
      item.status(result.status().raw());
      return result;
    } finally {
      inside = null;
    }
  }

  /**
   * Makes a call through the crash entry: the firmware was interrupted anywhere. The outer entry's
   * context, if a thread is still in it, is not touched.
   *
   * @param lane a lane into the instance's crash context
   * @param item the packed call
   * @return the result, COMPLETED or FAULTED
   * @throws IllegalStateException if there is no crash entry
   */
  public CallResult callCrashEntry(EntryLane lane, RuntimeCall item) {
    if (crashFirmware == null) {
      throw new IllegalStateException("firmware must have a crash entry: firmware=" + firmware);
    }
    CallResult result = make(crashFirmware, lane, item);
    item.status(result.status().raw());
    return result;
  }

  private CallResult make(Firmware called, EntryLane lane, RuntimeCall item) {
    CallFrame frame = lane.frame();
    try {
      lane.load(item);
      lane.context().enter(lane.saveArea());
      CallResult result;
      try {
        result = refusal(called, lane, frame.service());
        if (result == null) {
          result = CallResult.completed(called.call(frame));
          if (frame.service() == RuntimeService.UPDATE_CAPSULE && result.isSuccess()) {
            capsule.taken(lane);
          }
        }
      } finally {
        int repaired = lane.context().leave(lane.saveArea());
        if (repaired != 0) {
          repairs.note(frame.service(), repaired);
        }
      }
      return result;
    } catch (Throwable thrown) {
      return faulted(lane, thrown);
    }
  }

  /** What precedes some calls, in the same hold: null if the call may be made. */
  private CallResult refusal(Firmware called, EntryLane lane, RuntimeService service) {
    if (service == RuntimeService.SET_VARIABLE) {
      CallResult refusal = reserve.refusal(called, lane);
      if (refusal != null && refusal.outcome() == Outcome.STORAGE_RESERVE) {
        observer.count(Counter.RESERVE_REFUSED);
      }
      return refusal;
    }
    return service == RuntimeService.UPDATE_CAPSULE
        ? capsule.refusal(called, lane, supported)
        : null;
  }

  private CallResult faulted(EntryLane lane, Throwable thrown) {
    CallFrame frame = lane.lastFrame();
    fault.note(frame.service(), frame.vendorEntryPoint(), lane.context(), thrown);
    gate.damaged();
    observer.count(Counter.FAULTS);
    return FAULTED;
  }

  /**
   * Whether firmware that was interrupted can still be called.
   *
   * @return true if it has a crash entry, and a context to use it in
   */
  public boolean hasCrashEntry() {
    return crashFirmware != null;
  }

  /**
   * Whether the current thread is inside the firmware with a call of its own: then it must not wait
   * for a queued call, because the worker would wait for this thread to leave.
   *
   * @return true between entering and leaving
   */
  public boolean isInside() {
    return inside == Thread.currentThread();
  }

  /**
   * What firmware threw when it disabled the services.
   *
   * @return always the same record
   */
  public FaultRecord fault() {
    return fault;
  }
}
