// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.EfiGuid;
import java.lang.foreign.MemorySegment;

/**
 * The two services a crash logger needs, in a form that waits for nobody: made on the calling
 * thread, without the ring, in bounded steps beside the firmware's own.
 *
 * <p>May be called by any platform thread in any state, also one that is inside the firmware or has
 * its interrupt flag set; such a call is refused with {@link Outcome#BUSY} and EFI_NOT_READY, as is
 * any call while somebody else is inside. No method allocates, locks, logs or runs a callback.
 * Memory effects are those of {@link RuntimeServices}.
 */
public interface NonBlockingRuntimeServices {
  /**
   * SetVariable (UEFI 8.2.3), see {@link RuntimeServices#setVariable}.
   *
   * @param variableName the name without NUL, read before this returns
   * @param vendorGuid its namespace
   * @param attributes attribute bits
   * @param dataSize how many bytes of {@code data} are the value
   * @param data the value; null is passed on as NULL
   * @return the result; BUSY if somebody is inside the firmware or a queued call is waiting for it
   */
  CallResult setVariable(
      CharSequence variableName,
      EfiGuid vendorGuid,
      int attributes,
      long dataSize,
      MemorySegment data);

  /**
   * QueryVariableInfo (UEFI 8.2.4), see {@link RuntimeServices#queryVariableInfo}.
   *
   * @param attributes the kind of variables asked about
   * @param maximumVariableStorageSize receives the size of the store in bytes on EFI_SUCCESS
   * @param remainingVariableStorageSize receives what is left of it in bytes on EFI_SUCCESS
   * @param maximumVariableSize receives the largest size of a variable in bytes on EFI_SUCCESS
   * @return the result; BUSY if somebody is inside the firmware or a queued call is waiting for it
   */
  CallResult queryVariableInfo(
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize);
}
