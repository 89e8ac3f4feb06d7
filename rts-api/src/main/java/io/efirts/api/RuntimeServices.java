// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The 14 EFI runtime services, typed, with UEFI's names and argument order (UEFI chapter 8).
 *
 * <p>Every method may be called by any thread, platform or virtual, and blocks until the call has
 * ended. What it takes is copied before the call, what it gives back is copied after it: firmware
 * never sees the caller's objects, and a call given up can no longer write to them. Result holders
 * are filled in only as UEFI says for the returned status; otherwise they keep their value. In
 * steady state a call allocates nothing.
 *
 * <p>Everything the caller did before a call is visible to the firmware, and everything the
 * firmware did is visible to the caller after it. Calls are made in the order in which they were
 * queued.
 *
 * <p>An implementation answers for every call with exactly one {@link CallResult}. The returned
 * result never has {@link CallResult#firmwareMayStillWrite()} set.
 *
 * <p>If the waiting thread is interrupted before firmware was entered, the outcome is {@link
 * Outcome#INTERRUPTED}; later interruption does not end the wait. The interrupt flag stays set in
 * both cases.
 */
public interface RuntimeServices {
  /**
   * GetTime (UEFI 8.3.1).
   *
   * @param time receives the time on EFI_SUCCESS
   * @param capabilities receives the clock's capabilities on EFI_SUCCESS; null if not wanted
   * @return the result
   */
  CallResult getTime(EfiTimeHolder time, EfiTimeCapabilitiesHolder capabilities);

  /**
   * SetTime (UEFI 8.3.2). Out-of-range fields are passed on; firmware answers
   * EFI_INVALID_PARAMETER.
   *
   * @param time the new time
   * @return the result
   */
  CallResult setTime(EfiTime time);

  /**
   * GetWakeupTime (UEFI 8.3.3).
   *
   * @param enabled receives whether the alarm is set, on EFI_SUCCESS
   * @param pending receives whether the alarm is waiting to be acknowledged, on EFI_SUCCESS
   * @param time receives the alarm's time on EFI_SUCCESS
   * @return the result
   */
  CallResult getWakeupTime(BooleanHolder enabled, BooleanHolder pending, EfiTimeHolder time);

  /**
   * SetWakeupTime (UEFI 8.3.4).
   *
   * @param enable whether the alarm is to be set
   * @param time when; null is passed on as NULL
   * @return the result
   */
  CallResult setWakeupTime(boolean enable, EfiTime time);

  /**
   * SetVirtualAddressMap (UEFI 8.4.1). The map is copied into memory that the firmware reaches by
   * its physical address.
   *
   * @param descriptorSize stride of the descriptors in bytes
   * @param descriptorVersion version of the descriptors, 1
   * @param virtualMap the descriptors; its size is MemoryMapSize
   * @return the result
   * @throws IllegalArgumentException if the map is larger than a work item's buffer
   */
  CallResult setVirtualAddressMap(
      long descriptorSize, int descriptorVersion, MemorySegment virtualMap);

  /**
   * ConvertPointer (UEFI 8.4.2).
   *
   * @param debugDisposition 0, or EFI_OPTIONAL_PTR (1)
   * @param address the pointer to convert; receives the new one on EFI_SUCCESS
   * @return the result
   */
  CallResult convertPointer(long debugDisposition, LongHolder address);

  /**
   * GetVariable (UEFI 8.2.1).
   *
   * @param variableName the name without NUL
   * @param vendorGuid its namespace
   * @param attributes receives the attributes on EFI_SUCCESS and EFI_BUFFER_TOO_SMALL; null if not
   *     wanted
   * @param dataSize in: how many bytes of {@code data} may be used; out: on EFI_SUCCESS the size of
   *     the value, on EFI_BUFFER_TOO_SMALL the size it needs. Firmware is offered no more than fits
   *     a work item's buffer.
   * @param data receives the value on EFI_SUCCESS; null is passed on as NULL
   * @return the result
   * @throws IllegalArgumentException if the name contains a NUL, name or size is larger than a work
   *     item's buffer allows, {@code dataSize} is larger than {@code data}, or {@code data} is
   *     read-only
   */
  CallResult getVariable(
      String variableName,
      EfiGuid vendorGuid,
      IntHolder attributes,
      LongHolder dataSize,
      MemorySegment data);

  /**
   * GetNextVariableName (UEFI 8.2.2).
   *
   * @param cursor where the walk stands; steps on by one variable on EFI_SUCCESS, receives only the
   *     size it needs on EFI_BUFFER_TOO_SMALL
   * @return the result; EFI_NOT_FOUND at the end
   */
  CallResult getNextVariableName(VariableNameCursor cursor);

  /**
   * SetVariable (UEFI 8.2.3).
   *
   * @param variableName the name without NUL
   * @param vendorGuid its namespace
   * @param attributes attribute bits, see {@link io.efirts.api.spec.VariableAttributes}
   * @param dataSize how many bytes of {@code data} are the value
   * @param data the value; null is passed on as NULL
   * @return the result
   * @throws IllegalArgumentException if the name contains a NUL, name and value do not fit a work
   *     item's buffer, or {@code dataSize} is larger than {@code data}
   */
  CallResult setVariable(
      String variableName, EfiGuid vendorGuid, int attributes, long dataSize, MemorySegment data);

  /**
   * GetNextHighMonotonicCount (UEFI 8.5.2).
   *
   * @param highCount receives the new upper half of the counter on EFI_SUCCESS
   * @return the result
   */
  CallResult getNextHighMonotonicCount(IntHolder highCount);

  /**
   * ResetSystem (UEFI 8.5.1). Made on the calling thread. Does not return where the platform
   * resets.
   *
   * @param resetType what kind of reset
   * @param resetStatus why
   * @param resetData a NUL-terminated UTF-16LE reason and further bytes; null if there is none
   * @return the result, if firmware came back
   * @throws IllegalArgumentException if the data is larger than a work item's buffer
   */
  CallResult resetSystem(ResetType resetType, EfiStatus resetStatus, MemorySegment resetData);

  /**
   * UpdateCapsule (UEFI 8.5.3). The capsules' bodies are in guest memory, described by the
   * scatter-gather list; only the headers are passed by copy.
   *
   * @param capsuleHeaders one header per capsule
   * @param scatterGatherList physical address of the block descriptors, 0 if there are none
   * @return the result
   * @throws IllegalArgumentException if the headers are larger than a work item's buffer
   */
  CallResult updateCapsule(List<EfiCapsuleHeader> capsuleHeaders, long scatterGatherList);

  /**
   * QueryCapsuleCapabilities (UEFI 8.5.3).
   *
   * @param capsuleHeaders one header per capsule
   * @param maximumCapsuleSize receives the largest size in bytes on EFI_SUCCESS
   * @param resetType receives the EFI_RESET_TYPE number on EFI_SUCCESS
   * @return the result
   * @throws IllegalArgumentException if the headers are larger than a work item's buffer
   */
  CallResult queryCapsuleCapabilities(
      List<EfiCapsuleHeader> capsuleHeaders, LongHolder maximumCapsuleSize, IntHolder resetType);

  /**
   * QueryVariableInfo (UEFI 8.2.4).
   *
   * @param attributes the kind of variables asked about
   * @param maximumVariableStorageSize receives the size of the store in bytes on EFI_SUCCESS
   * @param remainingVariableStorageSize receives what is left of it in bytes on EFI_SUCCESS
   * @param maximumVariableSize receives the largest size of a variable in bytes on EFI_SUCCESS
   * @return the result
   */
  CallResult queryVariableInfo(
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize);
}
