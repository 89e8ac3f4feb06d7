// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.CallResult;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.call.AbiCalls;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.call.DispatchCall;
import java.util.Objects;

/** Services and vendor entries by words, over the queued path; reset on the calling thread. */
final class QueuedRuntimeServicesAbi implements RuntimeServicesAbi {
  private final QueuedPath path;
  private final ResetPath resetPath;
  private final long timeoutNanos;

  QueuedRuntimeServicesAbi(QueuedPath path, ResetPath resetPath, long timeoutNanos) {
    this.path = path;
    this.resetPath = resetPath;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public CallResult call(
      RuntimeService service, long word0, long word1, long word2, long word3, long word4) {
    Objects.requireNonNull(service, "service");
    if (service == RuntimeService.RESET_SYSTEM) {
      return resetPath.resetSystem(word0, word1, word2, word3);
    }
    DispatchCall call = path.borrow(timeoutNanos);
    if (call == null) {
      return path.refusal();
    }
    long generation = call.generation();
    try {
      AbiCalls.pack(call.item(), service, word0, word1, word2, word3, word4);
      return path.execute(call);
    } finally {
      path.giveBack(call, generation);
    }
  }

  @Override
  public CallResult callVendor(
      long entryPoint,
      int wordCount,
      long word0,
      long word1,
      long word2,
      long word3,
      long word4,
      long word5) {
    DispatchCall call = path.borrow(timeoutNanos);
    if (call == null) {
      return path.refusal();
    }
    long generation = call.generation();
    try {
      AbiCalls.packVendor(
          call.item(), entryPoint, wordCount, word0, word1, word2, word3, word4, word5);
      return path.execute(call);
    } finally {
      path.giveBack(call, generation);
    }
  }
}
