// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.CallResult;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.call.AbiCalls;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.path.QueuedPath;
import io.efirts.dispatch.reset.ResetSequence;
import java.util.Objects;
import java.util.function.Supplier;

/** Services and vendor entries by words, over the queued path; reset on the calling thread. */
final class QueuedRuntimeServicesAbi implements RuntimeServicesAbi {
  private final Supplier<ArmedInstance> serving;
  private final ResetSequence reset;
  private final long timeoutNanos;

  QueuedRuntimeServicesAbi(
      Supplier<ArmedInstance> serving, ResetSequence reset, long timeoutNanos) {
    this.serving = serving;
    this.reset = reset;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public CallResult call(
      RuntimeService service, long word0, long word1, long word2, long word3, long word4) {
    Objects.requireNonNull(service, "service");
    if (service == RuntimeService.RESET_SYSTEM) {
      return reset.resetSystem(word0, word1, word2, word3);
    }
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(service, timeoutNanos);
    if (call == null) {
      return path.refusal(service);
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
    QueuedPath path = serving.get().queued();
    DispatchCall call = path.borrow(null, timeoutNanos);
    if (call == null) {
      return path.refusal(null);
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
