// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.call.SystemCalls;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.mode.DispatcherMode;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The emergency's calls into one firmware instance; made beforehand, used once. */
public final class EmergencyPath implements Emergency {
  private static final CallResult REFUSED = CallResult.refused(Outcome.EMERGENCY, false, false);

  private final FirmwareGate gate;
  private final SeizingPath path;
  private final PendingCapsule capsule;
  private final InterruptControl interrupts;
  private final EmergencyProgress progress;
  private final ResetFallbacks fallbacks;
  private long hold;
  private long previousStops;
  private boolean interrupted;
  private boolean faulted;

  /**
   * A path that is not open yet.
   *
   * @param gate the instance's gate
   * @param path the way into it
   * @param capsule which reset is pending
   * @param interrupts allows cooperative stops again at the end
   * @param progress tells others that this thread gets on
   * @param fallbacks reset when firmware does not
   */
  public EmergencyPath(
      FirmwareGate gate,
      SeizingPath path,
      PendingCapsule capsule,
      InterruptControl interrupts,
      EmergencyProgress progress,
      ResetFallbacks fallbacks) {
    this.gate = gate;
    this.path = path;
    this.capsule = capsule;
    this.interrupts = interrupts;
    this.progress = progress;
    this.fallbacks = fallbacks;
  }

  /**
   * Seizes the gate, whose mode is EMERGENCY. For the thread that set that mode.
   *
   * @param previous what deferring the embedder's stops returned, before
   */
  public void open(long previous) {
    previousStops = previous;
    hold = path.seize();
    interrupted = gate.isDamaged();
    progress.made();
  }

  @Override
  public boolean firmwareWasInterrupted() {
    return interrupted;
  }

  @Override
  public boolean canCallFirmware() {
    return !faulted && path.canCall();
  }

  @Override
  public CallResult setVariable(
      CharSequence variableName,
      EfiGuid vendorGuid,
      int attributes,
      long dataSize,
      MemorySegment data) {
    Objects.requireNonNull(variableName, "variableName");
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    if (!canCallFirmware()) {
      return REFUSED;
    }
    RuntimeCall item = path.item();
    VariableCalls.packSetVariable(item, variableName, vendorGuid, attributes, dataSize, data);
    return execute(item);
  }

  @Override
  public CallResult queryVariableInfo(
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize) {
    Objects.requireNonNull(maximumVariableStorageSize, "maximumVariableStorageSize");
    Objects.requireNonNull(remainingVariableStorageSize, "remainingVariableStorageSize");
    Objects.requireNonNull(maximumVariableSize, "maximumVariableSize");
    if (!canCallFirmware()) {
      return REFUSED;
    }
    RuntimeCall item = path.item();
    VariableCalls.packQueryVariableInfo(item, attributes);
    CallResult result = execute(item);
    VariableCalls.copyOutQueryVariableInfo(
        item,
        result,
        maximumVariableStorageSize,
        remainingVariableStorageSize,
        maximumVariableSize);
    return result;
  }

  @Override
  public CallResult resetSystem(
      ResetType resetType, EfiStatus resetStatus, MemorySegment resetData) {
    Objects.requireNonNull(resetType, "resetType");
    Objects.requireNonNull(resetStatus, "resetStatus");
    ResetType type = capsule.resetTypeOr(resetType);
    CallResult result = REFUSED;
    if (canCallFirmware()) {
      RuntimeCall item = path.item();
      SystemCalls.packResetSystem(item, type, resetStatus, resetData);
      result = execute(item);
    }
    fallbacks.resetInEmergency(type);
    return result;
  }

  @Override
  public void end() {
    path.letGo(hold);
    gate.changeMode(DispatcherMode.EMERGENCY, DispatcherMode.DEAD);
    interrupts.restore(previousStops);
  }

  private CallResult execute(RuntimeCall item) {
    progress.made();
    CallResult result = path.execute(hold, item);
    progress.made();
    faulted |= result.outcome() == Outcome.FAULTED;
    return result;
  }
}
