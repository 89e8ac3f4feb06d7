// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.RuntimeService;

/**
 * The services and vendors' entries by 64-bit words, started and not waited for; see {@link
 * AsyncRuntimeServices} for what starting means and {@link RuntimeServicesAbi} for the words.
 *
 * <p>What the words point to belongs to the firmware until the call has ended, and beyond if its
 * result has {@link CallResult#firmwareMayStillWrite()} set.
 */
public interface AsyncRuntimeServicesAbi extends AsyncCalls {
  /**
   * Starts a call of a service. ResetSystem cannot be started: it runs on its caller.
   *
   * @param pending an idle handle
   * @param service the service
   * @param word0 first argument
   * @param word1 second argument
   * @param word2 third argument
   * @param word3 fourth argument
   * @param word4 fifth argument
   * @return true if it was started
   * @throws IllegalArgumentException if the service is ResetSystem
   * @throws IllegalStateException if the handle's last call is still pending
   */
  boolean call(
      PendingCall pending,
      RuntimeService service,
      long word0,
      long word1,
      long word2,
      long word3,
      long word4);

  /**
   * Starts a call of a vendor's entry point.
   *
   * @param pending an idle handle
   * @param entryPoint address of the entry in the firmware's address space, not 0
   * @param wordCount how many of the words are arguments, 0 to 6
   * @param word0 first argument
   * @param word1 second argument
   * @param word2 third argument
   * @param word3 fourth argument
   * @param word4 fifth argument
   * @param word5 sixth argument
   * @return true if it was started
   * @throws IllegalArgumentException if the entry is 0 or the count is out of range
   * @throws IllegalStateException if the handle's last call is still pending
   */
  boolean callVendor(
      PendingCall pending,
      long entryPoint,
      int wordCount,
      long word0,
      long word1,
      long word2,
      long word3,
      long word4,
      long word5);
}
