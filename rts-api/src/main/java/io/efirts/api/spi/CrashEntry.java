// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import io.efirts.api.call.CallFrame;

/**
 * The part of a firmware that still works when a call inside it was interrupted for good: it
 * touches no state and no lock of the interrupted call, and allocates nothing.
 *
 * <p>Offers only the services that {@link
 * io.efirts.api.spec.ReentryTable#callableDuringMachineCheck} allows while busy (UEFI table
 * "Functions that may be called after Machine Check, INIT and NMI"); others answer EFI_UNSUPPORTED.
 */
@FunctionalInterface
public interface CrashEntry {
  /**
   * Makes one call, on the panicking thread.
   *
   * @param frame the service and its arguments; valid only during the call
   * @return the EFI_STATUS word
   */
  long call(CallFrame frame);
}
