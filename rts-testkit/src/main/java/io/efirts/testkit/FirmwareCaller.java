// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.BooleanHolder;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CapsuleCalls;
import io.efirts.api.call.RuntimeCall;
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
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Calls a firmware directly, on the calling thread and without a dispatcher: for tests of the
 * firmware itself.
 *
 * <p>Used by one thread at a time. What firmware throws is thrown. Arguments that the typed methods
 * cannot express, a null pointer for one, are packed into {@link #item()} and sent with {@link
 * #execute()}. Longer than most files because UEFI has fourteen services.
 */
public final class FirmwareCaller implements RuntimeServices {
  /** How much memory for work items the firmware's context must be able to lend. */
  public static final long CALL_MEMORY_BYTES = 17 * 4096;

  private final FirmwareInstance instance;
  private final RuntimeCall item;
  private final CallFrame frame;
  private final FirmwareContext.SaveArea saveArea;

  /**
   * A caller with a work item of its own.
   *
   * @param instance the firmware and its context, used by no other caller
   */
  public FirmwareCaller(FirmwareInstance instance) {
    FirmwareContext context = instance.context();
    this.instance = instance;
    item = context.callMemory(CALL_MEMORY_BYTES).item(0, CALL_MEMORY_BYTES);
    frame = new CallFrame(context.memory());
    saveArea = context.newSaveArea();
  }

  /**
   * The work item every call is packed into.
   *
   * @return always the same item
   */
  public RuntimeCall item() {
    return item;
  }

  /**
   * Makes the call that is packed in {@link #item()}.
   *
   * @return firmware's answer
   */
  public CallResult execute() {
    frame.load(item);
    instance.context().enter(saveArea);
    long status;
    try {
      status = instance.firmware().call(frame);
    } finally {
      instance.context().leave(saveArea);
    }
    item.status(status);
    return CallResult.completed(status);
  }

  @Override
  public CallResult getTime(EfiTimeHolder time, EfiTimeCapabilitiesHolder capabilities) {
    TimeCalls.packGetTime(item, capabilities != null);
    CallResult result = execute();
    TimeCalls.copyOutGetTime(item, result, time, capabilities);
    return result;
  }

  @Override
  public CallResult setTime(EfiTime time) {
    TimeCalls.packSetTime(item, time);
    return execute();
  }

  @Override
  public CallResult getWakeupTime(
      BooleanHolder enabled, BooleanHolder pending, EfiTimeHolder time) {
    TimeCalls.packGetWakeupTime(item);
    CallResult result = execute();
    TimeCalls.copyOutGetWakeupTime(item, result, enabled, pending, time);
    return result;
  }

  @Override
  public CallResult setWakeupTime(boolean enable, EfiTime time) {
    TimeCalls.packSetWakeupTime(item, enable, time);
    return execute();
  }

  @Override
  public CallResult setVirtualAddressMap(
      long descriptorSize, int descriptorVersion, MemorySegment virtualMap) {
    SystemCalls.packSetVirtualAddressMap(item, descriptorSize, descriptorVersion, virtualMap);
    return execute();
  }

  @Override
  public CallResult convertPointer(long debugDisposition, LongHolder address) {
    SystemCalls.packConvertPointer(item, debugDisposition, address.value);
    CallResult result = execute();
    SystemCalls.copyOutConvertPointer(item, result, address);
    return result;
  }

  @Override
  public CallResult getVariable(
      String variableName,
      EfiGuid vendorGuid,
      IntHolder attributes,
      LongHolder dataSize,
      MemorySegment data) {
    VariableCalls.packGetVariable(
        item, variableName, vendorGuid, attributes != null, dataSize.value, data);
    CallResult result = execute();
    VariableCalls.copyOutGetVariable(item, result, attributes, dataSize, data);
    return result;
  }

  @Override
  public CallResult getNextVariableName(VariableNameCursor cursor) {
    VariableCalls.packGetNextVariableName(item, cursor);
    CallResult result = execute();
    VariableCalls.copyOutGetNextVariableName(item, result, cursor);
    return result;
  }

  @Override
  public CallResult setVariable(
      String variableName, EfiGuid vendorGuid, int attributes, long dataSize, MemorySegment data) {
    VariableCalls.packSetVariable(item, variableName, vendorGuid, attributes, dataSize, data);
    return execute();
  }

  @Override
  public CallResult getNextHighMonotonicCount(IntHolder highCount) {
    SystemCalls.packGetNextHighMonotonicCount(item);
    CallResult result = execute();
    SystemCalls.copyOutGetNextHighMonotonicCount(item, result, highCount);
    return result;
  }

  @Override
  public CallResult resetSystem(
      ResetType resetType, EfiStatus resetStatus, MemorySegment resetData) {
    SystemCalls.packResetSystem(item, resetType, resetStatus, resetData);
    return execute();
  }

  @Override
  public CallResult updateCapsule(List<EfiCapsuleHeader> capsuleHeaders, long scatterGatherList) {
    CapsuleCalls.packUpdateCapsule(item, capsuleHeaders, scatterGatherList);
    return execute();
  }

  @Override
  public CallResult queryCapsuleCapabilities(
      List<EfiCapsuleHeader> capsuleHeaders, LongHolder maximumCapsuleSize, IntHolder resetType) {
    CapsuleCalls.packQueryCapsuleCapabilities(item, capsuleHeaders);
    CallResult result = execute();
    CapsuleCalls.copyOutQueryCapsuleCapabilities(item, result, maximumCapsuleSize, resetType);
    return result;
  }

  @Override
  public CallResult queryVariableInfo(
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize) {
    VariableCalls.packQueryVariableInfo(item, attributes);
    CallResult result = execute();
    VariableCalls.copyOutQueryVariableInfo(
        item,
        result,
        maximumVariableStorageSize,
        remainingVariableStorageSize,
        maximumVariableSize);
    return result;
  }
}
