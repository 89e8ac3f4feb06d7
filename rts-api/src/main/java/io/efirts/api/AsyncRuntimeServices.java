// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The runtime services, typed, started and not waited for. Arguments, result holders and statuses
 * are those of {@link RuntimeServices}; ResetSystem is missing, since it runs on its caller.
 *
 * <p>Every method starts a call and returns true, or refuses it and returns false; {@link
 * PendingCall#poll} then tells why, and no handler is called. Starting never waits: if no work item
 * is free the call is refused as {@link Outcome#BUSY}. It may be done by any thread, also where
 * waiting is forbidden, and allocates nothing. A handle whose last call is still pending is refused
 * with an IllegalStateException.
 *
 * <p>In-arguments are copied by the start. Result holders and data segments belong to the call
 * until it is delivered: they are written by whoever delivers it. A segment must then be alive and,
 * with a handler, accessible to every thread; if not it is left as it is, the call ends all the
 * same, and what was thrown goes to the dispatcher's listener, without a handler to whoever polls.
 */
public interface AsyncRuntimeServices extends AsyncCalls {
  /**
   * Starts GetTime (UEFI 8.3.1).
   *
   * @param call an idle handle
   * @param time receives the time
   * @param capabilities receives the clock's capabilities; null if not wanted
   * @return true if it was started
   */
  boolean getTime(PendingCall call, EfiTimeHolder time, EfiTimeCapabilitiesHolder capabilities);

  /**
   * Starts SetTime (UEFI 8.3.2).
   *
   * @param call an idle handle
   * @param time the new time
   * @return true if it was started
   */
  boolean setTime(PendingCall call, EfiTime time);

  /**
   * Starts GetWakeupTime (UEFI 8.3.3).
   *
   * @param call an idle handle
   * @param enabled receives whether the alarm is set
   * @param pending receives whether it waits to be acknowledged
   * @param time receives the alarm's time
   * @return true if it was started
   */
  boolean getWakeupTime(
      PendingCall call, BooleanHolder enabled, BooleanHolder pending, EfiTimeHolder time);

  /**
   * Starts SetWakeupTime (UEFI 8.3.4).
   *
   * @param call an idle handle
   * @param enable whether the alarm is to be set
   * @param time when; null if it is not to be set
   * @return true if it was started
   */
  boolean setWakeupTime(PendingCall call, boolean enable, EfiTime time);

  /**
   * Starts SetVirtualAddressMap (UEFI 8.4.1).
   *
   * @param call an idle handle
   * @param descriptorSize distance of the descriptors, bytes
   * @param descriptorVersion their version
   * @param virtualMap the descriptors
   * @return true if it was started
   */
  boolean setVirtualAddressMap(
      PendingCall call, long descriptorSize, int descriptorVersion, MemorySegment virtualMap);

  /**
   * Starts ConvertPointer (UEFI 8.4.2).
   *
   * @param call an idle handle
   * @param debugDisposition what kind of pointer
   * @param address the pointer, replaced by the converted one
   * @return true if it was started
   */
  boolean convertPointer(PendingCall call, long debugDisposition, LongHolder address);

  /**
   * Starts GetVariable (UEFI 8.2.1).
   *
   * @param call an idle handle
   * @param variableName its name
   * @param vendorGuid its vendor
   * @param attributes receives the attributes; null if not wanted
   * @param dataSize size of data in bytes; receives the size of the value
   * @param data receives the value; null if dataSize is 0
   * @return true if it was started
   */
  boolean getVariable(
      PendingCall call,
      String variableName,
      EfiGuid vendorGuid,
      IntHolder attributes,
      LongHolder dataSize,
      MemorySegment data);

  /**
   * Starts GetNextVariableName (UEFI 8.2.2).
   *
   * @param call an idle handle
   * @param cursor the last variable, replaced by the next
   * @return true if it was started
   */
  boolean getNextVariableName(PendingCall call, VariableNameCursor cursor);

  /**
   * Starts SetVariable (UEFI 8.2.3).
   *
   * @param call an idle handle
   * @param variableName its name
   * @param vendorGuid its vendor
   * @param attributes its attributes
   * @param dataSize size of the value in bytes
   * @param data the value; null if dataSize is 0
   * @return true if it was started
   */
  boolean setVariable(
      PendingCall call,
      String variableName,
      EfiGuid vendorGuid,
      int attributes,
      long dataSize,
      MemorySegment data);

  /**
   * Starts GetNextHighMonotonicCount (UEFI 8.5.2).
   *
   * @param call an idle handle
   * @param highCount receives the count
   * @return true if it was started
   */
  boolean getNextHighMonotonicCount(PendingCall call, IntHolder highCount);

  /**
   * Starts UpdateCapsule (UEFI 8.5.3).
   *
   * @param call an idle handle
   * @param capsuleHeaders the capsules' headers
   * @param scatterGatherList physical address of the block descriptors
   * @return true if it was started
   */
  boolean updateCapsule(
      PendingCall call, List<EfiCapsuleHeader> capsuleHeaders, long scatterGatherList);

  /**
   * Starts QueryCapsuleCapabilities (UEFI 8.5.3).
   *
   * @param call an idle handle
   * @param capsuleHeaders the capsules' headers
   * @param maximumCapsuleSize receives the greatest size, bytes
   * @param resetType receives the type of reset that is needed
   * @return true if it was started
   */
  boolean queryCapsuleCapabilities(
      PendingCall call,
      List<EfiCapsuleHeader> capsuleHeaders,
      LongHolder maximumCapsuleSize,
      IntHolder resetType);

  /**
   * Starts QueryVariableInfo (UEFI 8.2.4).
   *
   * @param call an idle handle
   * @param attributes which variables are meant
   * @param maximumVariableStorageSize receives the size of their storage, bytes
   * @param remainingVariableStorageSize receives what is free of it, bytes
   * @param maximumVariableSize receives the greatest size of one, bytes
   * @return true if it was started
   */
  boolean queryVariableInfo(
      PendingCall call,
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize);

  /**
   * Starts a call and gives its end as a stage. Allocates. The stage is completed on one of the
   * dispatcher's threads, and what depends on it may run there: see {@link CompletionHandler}.
   *
   * <pre>{@code
   * services.stage((s, call) -> s.getTime(call, time, null)).thenAccept(result -> ...);
   * }</pre>
   *
   * @param start starts one call with the handle it is given
   * @return the end of that call, never exceptional; completed already if it was refused
   */
  default CompletionStage<CallResult> stage(Start start) {
    CompletableFuture<CallResult> end = new CompletableFuture<>();
    PendingCall call = newPendingCall(end::complete);
    if (!start.start(this, call)) {
      end.complete(call.poll());
    }
    return end.minimalCompletionStage();
  }

  /** Starts one call. */
  @FunctionalInterface
  interface Start {
    /**
     * Starts it.
     *
     * @param services where
     * @param call the handle to start it with
     * @return what the starting method returned
     */
    boolean start(AsyncRuntimeServices services, PendingCall call);
  }
}
