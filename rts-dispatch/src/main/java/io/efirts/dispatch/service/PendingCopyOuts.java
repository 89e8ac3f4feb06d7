// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.BooleanHolder;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.call.CapsuleCalls;
import io.efirts.api.call.SystemCalls;
import io.efirts.api.call.TimeCalls;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import java.lang.foreign.MemorySegment;

/**
 * Where the results of one handle's call go: the caller's holders, kept from start to delivery, and
 * for each service with results one way to fill them in. Made once with the handle, so that
 * starting and delivering allocate nothing.
 *
 * <p>Holders stay referenced until the next start of the same service.
 */
final class PendingCopyOuts {
  private EfiTimeHolder time;
  private EfiTimeCapabilitiesHolder capabilities;
  private BooleanHolder enabled;
  private BooleanHolder alarmPending;
  private LongHolder long0;
  private LongHolder long1;
  private LongHolder long2;
  private IntHolder int0;
  private MemorySegment data;
  private VariableNameCursor cursor;

  private final CopyOut getTime =
      (item, result) -> TimeCalls.copyOutGetTime(item, result, time, capabilities);
  private final CopyOut getWakeupTime =
      (item, result) -> TimeCalls.copyOutGetWakeupTime(item, result, enabled, alarmPending, time);
  private final CopyOut convertPointer =
      (item, result) -> SystemCalls.copyOutConvertPointer(item, result, long0);
  private final CopyOut getVariable =
      (item, result) -> VariableCalls.copyOutGetVariable(item, result, int0, long0, data);
  private final CopyOut getNextVariableName =
      (item, result) -> VariableCalls.copyOutGetNextVariableName(item, result, cursor);
  private final CopyOut highCount =
      (item, result) -> SystemCalls.copyOutGetNextHighMonotonicCount(item, result, int0);
  private final CopyOut queryCapsule =
      (item, result) -> CapsuleCalls.copyOutQueryCapsuleCapabilities(item, result, long0, int0);
  private final CopyOut queryVariable =
      (item, result) -> VariableCalls.copyOutQueryVariableInfo(item, result, long0, long1, long2);

  CopyOut getTime(EfiTimeHolder to, EfiTimeCapabilitiesHolder capabilitiesTo) {
    time = to;
    capabilities = capabilitiesTo;
    return getTime;
  }

  CopyOut getWakeupTime(BooleanHolder enabledTo, BooleanHolder pendingTo, EfiTimeHolder to) {
    enabled = enabledTo;
    alarmPending = pendingTo;
    time = to;
    return getWakeupTime;
  }

  CopyOut convertPointer(LongHolder address) {
    long0 = address;
    return convertPointer;
  }

  CopyOut getVariable(IntHolder attributes, LongHolder dataSize, MemorySegment dataTo) {
    int0 = attributes;
    long0 = dataSize;
    data = dataTo;
    return getVariable;
  }

  CopyOut getNextVariableName(VariableNameCursor to) {
    cursor = to;
    return getNextVariableName;
  }

  CopyOut getNextHighMonotonicCount(IntHolder count) {
    int0 = count;
    return highCount;
  }

  CopyOut queryCapsuleCapabilities(LongHolder maximumSize, IntHolder resetType) {
    long0 = maximumSize;
    int0 = resetType;
    return queryCapsule;
  }

  CopyOut queryVariableInfo(LongHolder maximum, LongHolder remaining, LongHolder maximumVariable) {
    long0 = maximum;
    long1 = remaining;
    long2 = maximumVariable;
    return queryVariable;
  }
}
