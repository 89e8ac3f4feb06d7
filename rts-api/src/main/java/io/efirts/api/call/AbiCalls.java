// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import io.efirts.api.spec.Passing;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceSignature;

/**
 * Packing of calls that come as 64-bit words: which word is a pointer and which a value is read off
 * the service's signature; a vendor's words are all passed as they are.
 *
 * <p>Called by the thread the work item is lent to; nothing blocks or allocates.
 */
public final class AbiCalls {
  private AbiCalls() {}

  /**
   * Packs a service call.
   *
   * @param call the work item
   * @param service the service
   * @param word0 first argument
   * @param word1 second argument
   * @param word2 third argument
   * @param word3 fourth argument
   * @param word4 fifth argument
   */
  public static void pack(
      RuntimeCall call,
      RuntimeService service,
      long word0,
      long word1,
      long word2,
      long word3,
      long word4) {
    call.begin(service);
    pack(call, 0, word0);
    pack(call, 1, word1);
    pack(call, 2, word2);
    pack(call, 3, word3);
    pack(call, 4, word4);
  }

  /**
   * Packs a vendor call.
   *
   * @param call the work item
   * @param entryPoint address of the entry
   * @param wordCount how many words are arguments
   * @param word0 first argument
   * @param word1 second argument
   * @param word2 third argument
   * @param word3 fourth argument
   * @param word4 fifth argument
   * @param word5 sixth argument
   * @throws IllegalArgumentException if the entry point is 0 or the count is out of range
   */
  public static void packVendor(
      RuntimeCall call,
      long entryPoint,
      int wordCount,
      long word0,
      long word1,
      long word2,
      long word3,
      long word4,
      long word5) {
    call.beginVendor(entryPoint, wordCount);
    packVendor(call, 0, word0);
    packVendor(call, 1, word1);
    packVendor(call, 2, word2);
    packVendor(call, 3, word3);
    packVendor(call, 4, word4);
    packVendor(call, 5, word5);
  }

  private static void packVendor(RuntimeCall call, int index, long word) {
    if (index < call.argumentCount()) {
      call.packPointer(index, word);
    }
  }

  private static void pack(RuntimeCall call, int index, long word) {
    ServiceSignature signature = call.service().signature();
    if (index >= signature.parameterCount()) {
      return;
    }
    if (signature.parameter(index).passing() == Passing.VALUE) {
      call.packValue(index, word);
    } else {
      call.packPointer(index, word);
    }
  }
}
