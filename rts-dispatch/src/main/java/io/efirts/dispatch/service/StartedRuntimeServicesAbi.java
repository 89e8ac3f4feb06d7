// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.AsyncRuntimeServicesAbi;
import io.efirts.api.CompletionHandler;
import io.efirts.api.PendingCall;
import io.efirts.api.call.AbiCalls;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.observe.Observer;
import io.efirts.dispatch.observe.Watchman;
import java.util.Objects;

/** Services and vendor entries by words, started. */
final class StartedRuntimeServicesAbi implements AsyncRuntimeServicesAbi {
  private final Instances instances;
  private final long timeoutNanos;
  private final Observer observer;
  private final Watchman watchman;

  StartedRuntimeServicesAbi(
      Instances instances, long timeoutNanos, Observer observer, Watchman watchman) {
    this.instances = instances;
    this.timeoutNanos = timeoutNanos;
    this.observer = observer;
    this.watchman = watchman;
  }

  @Override
  public PendingCall newPendingCall() {
    return new PendingDispatch(null, observer, watchman);
  }

  @Override
  public PendingCall newPendingCall(CompletionHandler handler) {
    return new PendingDispatch(Objects.requireNonNull(handler, "handler"), observer, watchman);
  }

  @Override
  public boolean call(
      PendingCall pending,
      RuntimeService service,
      long word0,
      long word1,
      long word2,
      long word3,
      long word4) {
    Objects.requireNonNull(service, "service");
    if (service == RuntimeService.RESET_SYSTEM) {
      throw new IllegalArgumentException(
          "reset runs on its caller and cannot be started: service=" + service.efiName());
    }
    PendingDispatch mine = StartedRuntimeServices.mine(pending);
    RuntimeCall item = mine.begin(instances.current(), service, timeoutNanos);
    if (item == null) {
      return false;
    }
    AbiCalls.pack(item, service, word0, word1, word2, word3, word4);
    return mine.publish(null, false);
  }

  @Override
  public boolean callVendor(
      PendingCall pending,
      long entryPoint,
      int wordCount,
      long word0,
      long word1,
      long word2,
      long word3,
      long word4,
      long word5) {
    PendingDispatch mine = StartedRuntimeServices.mine(pending);
    RuntimeCall item = mine.begin(instances.current(), null, timeoutNanos);
    if (item == null) {
      return false;
    }
    boolean packed = false;
    try {
      AbiCalls.packVendor(item, entryPoint, wordCount, word0, word1, word2, word3, word4, word5);
      packed = true;
    } finally {
      if (!packed) {
        mine.withdraw();
      }
    }
    return mine.publish(null, false);
  }
}
