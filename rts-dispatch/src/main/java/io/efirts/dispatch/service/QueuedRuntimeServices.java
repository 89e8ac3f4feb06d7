// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.BooleanHolder;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.call.CapsuleCalls;
import io.efirts.api.call.SystemCalls;
import io.efirts.api.call.TimeCalls;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.path.QueuedPath;
import io.efirts.dispatch.reset.ResetSequence;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The typed services over the queued path. Each method does the same five steps: lend a call, pack,
 * execute, copy out what a completed call returned, give the call back. An abandoned call is not
 * looked at again: it is the worker's.
 *
 * <p>Each call's deadline lies {@code timeoutNanos} after its start; 0 means none.
 *
 * <p>Longer than most files because the interface is UEFI's: fourteen services, one method each.
 */
final class QueuedRuntimeServices implements RuntimeServices {
  private final Supplier<ArmedInstance> serving;
  private final ResetSequence reset;
  private final long timeoutNanos;

  QueuedRuntimeServices(Supplier<ArmedInstance> serving, ResetSequence reset, long timeoutNanos) {
    this.serving = serving;
    this.reset = reset;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public CallResult getTime(EfiTimeHolder time, EfiTimeCapabilitiesHolder capabilities) {
    Objects.requireNonNull(time, "time");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.GET_TIME, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.GET_TIME);
    }
    long generation = call.generation();
    try {
      TimeCalls.packGetTime(call.item(), capabilities != null);
      CallResult result = path.execute(call);
      if (result.firmwareMayStillWrite()) {
        return abandoned(result);
      }
      TimeCalls.copyOutGetTime(call.item(), result, time, capabilities);
      return result;
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult setTime(EfiTime time) {
    Objects.requireNonNull(time, "time");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.SET_TIME, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.SET_TIME);
    }
    long generation = call.generation();
    try {
      TimeCalls.packSetTime(call.item(), time);
      return settled(path.execute(call));
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult getWakeupTime(
      BooleanHolder enabled, BooleanHolder pending, EfiTimeHolder time) {
    Objects.requireNonNull(enabled, "enabled");
    Objects.requireNonNull(pending, "pending");
    Objects.requireNonNull(time, "time");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.GET_WAKEUP_TIME, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.GET_WAKEUP_TIME);
    }
    long generation = call.generation();
    try {
      TimeCalls.packGetWakeupTime(call.item());
      CallResult result = path.execute(call);
      if (result.firmwareMayStillWrite()) {
        return abandoned(result);
      }
      TimeCalls.copyOutGetWakeupTime(call.item(), result, enabled, pending, time);
      return result;
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult setWakeupTime(boolean enable, EfiTime time) {
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.SET_WAKEUP_TIME, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.SET_WAKEUP_TIME);
    }
    long generation = call.generation();
    try {
      TimeCalls.packSetWakeupTime(call.item(), enable, time);
      return settled(path.execute(call));
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult setVirtualAddressMap(
      long descriptorSize, int descriptorVersion, MemorySegment virtualMap) {
    Objects.requireNonNull(virtualMap, "virtualMap");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.SET_VIRTUAL_ADDRESS_MAP, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.SET_VIRTUAL_ADDRESS_MAP);
    }
    long generation = call.generation();
    try {
      SystemCalls.packSetVirtualAddressMap(
          call.item(), descriptorSize, descriptorVersion, virtualMap);
      return settled(path.execute(call));
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult convertPointer(long debugDisposition, LongHolder address) {
    Objects.requireNonNull(address, "address");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.CONVERT_POINTER, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.CONVERT_POINTER);
    }
    long generation = call.generation();
    try {
      SystemCalls.packConvertPointer(call.item(), debugDisposition, address.value);
      CallResult result = path.execute(call);
      if (result.firmwareMayStillWrite()) {
        return abandoned(result);
      }
      SystemCalls.copyOutConvertPointer(call.item(), result, address);
      return result;
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult getVariable(
      String variableName,
      EfiGuid vendorGuid,
      IntHolder attributes,
      LongHolder dataSize,
      MemorySegment data) {
    Objects.requireNonNull(variableName, "variableName");
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    Objects.requireNonNull(dataSize, "dataSize");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.GET_VARIABLE, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.GET_VARIABLE);
    }
    long generation = call.generation();
    try {
      VariableCalls.packGetVariable(
          call.item(), variableName, vendorGuid, attributes != null, dataSize.value, data);
      CallResult result = path.execute(call);
      if (result.firmwareMayStillWrite()) {
        return abandoned(result);
      }
      VariableCalls.copyOutGetVariable(call.item(), result, attributes, dataSize, data);
      return result;
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult getNextVariableName(VariableNameCursor cursor) {
    Objects.requireNonNull(cursor, "cursor");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.GET_NEXT_VARIABLE_NAME, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.GET_NEXT_VARIABLE_NAME);
    }
    long generation = call.generation();
    try {
      VariableCalls.packGetNextVariableName(call.item(), cursor);
      CallResult result = path.execute(call);
      if (result.firmwareMayStillWrite()) {
        return abandoned(result);
      }
      VariableCalls.copyOutGetNextVariableName(call.item(), result, cursor);
      return result;
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult setVariable(
      String variableName, EfiGuid vendorGuid, int attributes, long dataSize, MemorySegment data) {
    Objects.requireNonNull(variableName, "variableName");
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.SET_VARIABLE, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.SET_VARIABLE);
    }
    long generation = call.generation();
    try {
      VariableCalls.packSetVariable(
          call.item(), variableName, vendorGuid, attributes, dataSize, data);
      return settled(path.execute(call));
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult getNextHighMonotonicCount(IntHolder highCount) {
    Objects.requireNonNull(highCount, "highCount");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT);
    }
    long generation = call.generation();
    try {
      SystemCalls.packGetNextHighMonotonicCount(call.item());
      CallResult result = path.execute(call);
      if (result.firmwareMayStillWrite()) {
        return abandoned(result);
      }
      SystemCalls.copyOutGetNextHighMonotonicCount(call.item(), result, highCount);
      return result;
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult resetSystem(
      ResetType resetType, EfiStatus resetStatus, MemorySegment resetData) {
    Objects.requireNonNull(resetType, "resetType");
    Objects.requireNonNull(resetStatus, "resetStatus");
    return reset.resetSystem(resetType, resetStatus, resetData);
  }

  @Override
  public CallResult updateCapsule(List<EfiCapsuleHeader> capsuleHeaders, long scatterGatherList) {
    Objects.requireNonNull(capsuleHeaders, "capsuleHeaders");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.UPDATE_CAPSULE, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.UPDATE_CAPSULE);
    }
    long generation = call.generation();
    try {
      CapsuleCalls.packUpdateCapsule(call.item(), capsuleHeaders, scatterGatherList);
      return settled(path.execute(call));
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult queryCapsuleCapabilities(
      List<EfiCapsuleHeader> capsuleHeaders, LongHolder maximumCapsuleSize, IntHolder resetType) {
    Objects.requireNonNull(capsuleHeaders, "capsuleHeaders");
    Objects.requireNonNull(maximumCapsuleSize, "maximumCapsuleSize");
    Objects.requireNonNull(resetType, "resetType");
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.QUERY_CAPSULE_CAPABILITIES, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.QUERY_CAPSULE_CAPABILITIES);
    }
    long generation = call.generation();
    try {
      CapsuleCalls.packQueryCapsuleCapabilities(call.item(), capsuleHeaders);
      CallResult result = path.execute(call);
      if (result.firmwareMayStillWrite()) {
        return abandoned(result);
      }
      CapsuleCalls.copyOutQueryCapsuleCapabilities(
          call.item(), result, maximumCapsuleSize, resetType);
      return result;
    } finally {
      path.giveBack(call, generation);
    }
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
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(RuntimeService.QUERY_VARIABLE_INFO, timeoutNanos);
    if (call == null) {
      return path.refusal(RuntimeService.QUERY_VARIABLE_INFO);
    }
    long generation = call.generation();
    try {
      VariableCalls.packQueryVariableInfo(call.item(), attributes);
      CallResult result = path.execute(call);
      if (result.firmwareMayStillWrite()) {
        return abandoned(result);
      }
      VariableCalls.copyOutQueryVariableInfo(
          call.item(),
          result,
          maximumVariableStorageSize,
          remainingVariableStorageSize,
          maximumVariableSize);
      return result;
    } finally {
      path.giveBack(call, generation);
    }
  }

  /** The result of a call whose arguments have nothing to copy out. */
  private static CallResult settled(CallResult result) {
    return result.firmwareMayStillWrite() ? abandoned(result) : result;
  }

  /** An abandoned typed call's late writes land in the dispatcher's memory, never the caller's. */
  private static CallResult abandoned(CallResult result) {
    return CallResult.refused(result.outcome(), true, false);
  }
}
