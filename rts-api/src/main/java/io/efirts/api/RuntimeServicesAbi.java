// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.RuntimeService;

/**
 * Runtime services as 64-bit words: for a hypervisor that forwards a guest's own call without
 * copying, and for vendors' own entry points.
 *
 * <p>Pointers are addresses in the firmware's address space and lead to memory the embedder owns;
 * they are passed as they are, null included. Any thread may call; a call blocks until it has ended
 * and allocates nothing in steady state. Order and memory effects are those of {@link
 * RuntimeServices}.
 *
 * <p>A call can end while firmware is still inside it. Its result then has {@link
 * CallResult#firmwareMayStillWrite()} set, and the memory its pointers lead to must stay as it is.
 */
public interface RuntimeServicesAbi {
  /**
   * Calls a service with the words a guest would pass in registers and on the stack. Words beyond
   * the service's arguments are ignored; bits beyond a value's width are dropped.
   *
   * @param service which service; ResetSystem is made on the calling thread, all others by the
   *     worker
   * @param word0 first argument
   * @param word1 second argument
   * @param word2 third argument
   * @param word3 fourth argument
   * @param word4 fifth argument
   * @return the result
   */
  CallResult call(
      RuntimeService service, long word0, long word1, long word2, long word3, long word4);

  /**
   * Calls a vendor's own entry point in the firmware's context. All words are passed as they are.
   *
   * @param entryPoint address of the entry in the firmware's address space, not 0
   * @param wordCount how many of the words are arguments, 0 to 6
   * @param word0 first argument
   * @param word1 second argument
   * @param word2 third argument
   * @param word3 fourth argument
   * @param word4 fifth argument
   * @param word5 sixth argument
   * @return the result
   * @throws IllegalArgumentException if the entry point is 0 or the count is out of range
   */
  CallResult callVendor(
      long entryPoint,
      int wordCount,
      long word0,
      long word1,
      long word2,
      long word3,
      long word4,
      long word5);
}
