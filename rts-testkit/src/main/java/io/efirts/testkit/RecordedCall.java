// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.RuntimeService;
import java.util.ArrayList;
import java.util.List;

/**
 * One call as it reached a firmware.
 *
 * @param service the service, or null for a vendor entry
 * @param vendorEntryPoint the vendor entry, 0 for a service
 * @param words the argument words, unmodifiable
 * @param thread the thread that was inside
 */
public record RecordedCall(
    RuntimeService service, long vendorEntryPoint, List<Long> words, Thread thread) {
  /** Copies the words. */
  public RecordedCall {
    words = List.copyOf(words);
  }

  static RecordedCall of(CallFrame frame) {
    List<Long> words = new ArrayList<>();
    for (int i = 0; i < frame.argumentCount(); i++) {
      words.add(frame.word(i));
    }
    return new RecordedCall(
        frame.service(), frame.vendorEntryPoint(), words, Thread.currentThread());
  }
}
