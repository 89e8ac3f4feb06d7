// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import io.efirts.api.CallResult;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import java.lang.foreign.MemorySegment;

/**
 * The firmware in the hands of a panicking thread. Ordinary services stay refused from now on.
 *
 * <p>Firmware that nobody was inside is called in the ordinary way. Firmware that faulted before,
 * or was taken from a thread inside it, is called only through its crash entry, if it has one;
 * otherwise every call is refused with {@link io.efirts.api.Outcome#EMERGENCY}.
 *
 * <p>For the thread that began the emergency. No method allocates, takes a lock, logs or waits for
 * another thread. If a call of the emergency itself faults, firmware is not used any more. If one
 * hangs, the next thread that panics resets by the fallbacks.
 */
public interface Emergency extends NonBlockingRuntimeServices {
  /**
   * Whether the firmware was interrupted, or had faulted, before it was taken over.
   *
   * @return true if only its crash entry may be used
   */
  boolean firmwareWasInterrupted();

  /**
   * Whether calls reach the firmware.
   *
   * @return false if it was interrupted and has no crash entry, or faulted since
   */
  boolean canCallFirmware();

  /**
   * Resets, which is not expected to return: asks firmware, and where that cannot be called, faults
   * or returns, tries the embedder's fallbacks. Runs no hook. The fallbacks are the embedder's code
   * on the crash path: what they throw is counted.
   *
   * @param resetType the type of reset; a pending capsule's type wins
   * @param resetStatus why
   * @param resetData more about it, or null
   * @return what firmware said, if it came back, or why it was not asked
   */
  CallResult resetSystem(ResetType resetType, EfiStatus resetStatus, MemorySegment resetData);

  /**
   * Ends the emergency: nobody uses this firmware any more. The embedder's stops, deferred since
   * its beginning, are allowed again.
   */
  void end();
}
