// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.BooleanHolder;
import io.efirts.api.CompletionHandler;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.PendingCall;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.call.CapsuleCalls;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.call.SystemCalls;
import io.efirts.api.call.TimeCalls;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * The typed services, started. Each method does the same three steps: lend a call, pack, publish.
 *
 * <p>Longer than most files because the interface is UEFI's: thirteen services, one method each.
 */
final class StartedRuntimeServices implements AsyncRuntimeServices {
  private final Instances instances;
  private final long timeoutNanos;
  private final Observer observer;
  private final Watchman watchman;

  StartedRuntimeServices(
      Instances instances, long timeoutNanos, Observer observer, Watchman watchman) {
    this.instances = instances;
    this.timeoutNanos = timeoutNanos;
    this.observer = observer;
    this.watchman = watchman;
  }

  @Override
  public PendingCall newPendingCall() {
    return new PendingDispatch(null, observer, watchman);
  }

  @Override
  public PendingCall newPendingCall(CompletionHandler handler) {
    return new PendingDispatch(Objects.requireNonNull(handler, "handler"), observer, watchman);
  }

  @Override
  public boolean getTime(
      PendingCall call, EfiTimeHolder time, EfiTimeCapabilitiesHolder capabilities) {
    Objects.requireNonNull(time, "time");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.GET_TIME, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      TimeCalls.packGetTime(item, capabilities != null);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(pendingCall.copyOuts().getTime(time, capabilities), true);
  }

  @Override
  public boolean setTime(PendingCall call, EfiTime time) {
    Objects.requireNonNull(time, "time");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.SET_TIME, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      TimeCalls.packSetTime(item, time);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(null, true);
  }

  @Override
  public boolean getWakeupTime(
      PendingCall call, BooleanHolder enabled, BooleanHolder pending, EfiTimeHolder time) {
    Objects.requireNonNull(enabled, "enabled");
    Objects.requireNonNull(pending, "pending");
    Objects.requireNonNull(time, "time");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.GET_WAKEUP_TIME, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      TimeCalls.packGetWakeupTime(item);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(pendingCall.copyOuts().getWakeupTime(enabled, pending, time), true);
  }

  @Override
  public boolean setWakeupTime(PendingCall call, boolean enable, EfiTime time) {
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.SET_WAKEUP_TIME, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      TimeCalls.packSetWakeupTime(item, enable, time);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(null, true);
  }

  @Override
  public boolean setVirtualAddressMap(
      PendingCall call, long descriptorSize, int descriptorVersion, MemorySegment virtualMap) {
    Objects.requireNonNull(virtualMap, "virtualMap");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(
            instances.current(), RuntimeService.SET_VIRTUAL_ADDRESS_MAP, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      SystemCalls.packSetVirtualAddressMap(item, descriptorSize, descriptorVersion, virtualMap);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(null, true);
  }

  @Override
  public boolean convertPointer(PendingCall call, long debugDisposition, LongHolder address) {
    Objects.requireNonNull(address, "address");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.CONVERT_POINTER, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      SystemCalls.packConvertPointer(item, debugDisposition, address.value);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(pendingCall.copyOuts().convertPointer(address), true);
  }

  @Override
  public boolean getVariable(
      PendingCall call,
      String variableName,
      EfiGuid vendorGuid,
      IntHolder attributes,
      LongHolder dataSize,
      MemorySegment data) {
    Objects.requireNonNull(variableName, "variableName");
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    Objects.requireNonNull(dataSize, "dataSize");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.GET_VARIABLE, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      VariableCalls.packGetVariable(
          item, variableName, vendorGuid, attributes != null, dataSize.value, data);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(
        pendingCall.copyOuts().getVariable(attributes, dataSize, data), true);
  }

  @Override
  public boolean getNextVariableName(PendingCall call, VariableNameCursor cursor) {
    Objects.requireNonNull(cursor, "cursor");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.GET_NEXT_VARIABLE_NAME, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      VariableCalls.packGetNextVariableName(item, cursor);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(pendingCall.copyOuts().getNextVariableName(cursor), true);
  }

  @Override
  public boolean setVariable(
      PendingCall call,
      String variableName,
      EfiGuid vendorGuid,
      int attributes,
      long dataSize,
      MemorySegment data) {
    Objects.requireNonNull(variableName, "variableName");
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.SET_VARIABLE, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      VariableCalls.packSetVariable(item, variableName, vendorGuid, attributes, dataSize, data);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(null, true);
  }

  @Override
  public boolean getNextHighMonotonicCount(PendingCall call, IntHolder highCount) {
    Objects.requireNonNull(highCount, "highCount");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(
            instances.current(), RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      SystemCalls.packGetNextHighMonotonicCount(item);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(pendingCall.copyOuts().getNextHighMonotonicCount(highCount), true);
  }

  @Override
  public boolean updateCapsule(
      PendingCall call, List<EfiCapsuleHeader> capsuleHeaders, long scatterGatherList) {
    Objects.requireNonNull(capsuleHeaders, "capsuleHeaders");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.UPDATE_CAPSULE, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      CapsuleCalls.packUpdateCapsule(item, capsuleHeaders, scatterGatherList);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(null, true);
  }

  @Override
  public boolean queryCapsuleCapabilities(
      PendingCall call,
      List<EfiCapsuleHeader> capsuleHeaders,
      LongHolder maximumCapsuleSize,
      IntHolder resetType) {
    Objects.requireNonNull(capsuleHeaders, "capsuleHeaders");
    Objects.requireNonNull(maximumCapsuleSize, "maximumCapsuleSize");
    Objects.requireNonNull(resetType, "resetType");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(
            instances.current(), RuntimeService.QUERY_CAPSULE_CAPABILITIES, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      CapsuleCalls.packQueryCapsuleCapabilities(item, capsuleHeaders);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(
        pendingCall.copyOuts().queryCapsuleCapabilities(maximumCapsuleSize, resetType), true);
  }

  @Override
  public boolean queryVariableInfo(
      PendingCall call,
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize) {
    Objects.requireNonNull(maximumVariableStorageSize, "maximumVariableStorageSize");
    Objects.requireNonNull(remainingVariableStorageSize, "remainingVariableStorageSize");
    Objects.requireNonNull(maximumVariableSize, "maximumVariableSize");
    PendingDispatch pendingCall = mine(call);
    RuntimeCall item =
        pendingCall.begin(instances.current(), RuntimeService.QUERY_VARIABLE_INFO, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      VariableCalls.packQueryVariableInfo(item, attributes);
      packed = true;
    } finally {
      withdrawUnless(packed, pendingCall);
    }
    return pendingCall.publish(
        pendingCall
            .copyOuts()
            .queryVariableInfo(
                maximumVariableStorageSize, remainingVariableStorageSize, maximumVariableSize),
        true);
  }

  private static void withdrawUnless(boolean packed, PendingDispatch pendingCall) {
    if (!packed) {
      pendingCall.withdraw();
    }
  }

  static PendingDispatch mine(PendingCall call) {
    if (call instanceof PendingDispatch mine) {
      return mine;
    }
    throw new IllegalArgumentException("a handle must come from a dispatcher: call=" + call);
  }
}
