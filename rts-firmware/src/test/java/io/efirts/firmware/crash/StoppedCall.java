// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import io.efirts.api.spec.EfiStatus;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageStep;
import io.efirts.testkit.step.StorageStop;
import java.util.concurrent.Callable;

/** A call on a thread of its own that is stopped at one step of the storage. */
public final class StoppedCall implements AutoCloseable {
  private final SteppedStorage storage;
  private final StorageStop stop;
  private final CallerThread<Long> call;

  private StoppedCall(SteppedStorage storage, StorageStop stop, CallerThread<Long> call) {
    this.storage = storage;
    this.stop = stop;
    this.call = call;
  }

  /** Null if the call ended before it came to that step, counted from now on. */
  public static StoppedCall at(
      SteppedStorage storage, StorageStep step, int number, Callable<Long> call) throws Exception {
    StorageStop stop = storage.add(new StorageStop(Occurrence.nth(step, number)));
    CallerThread<Long> caller = CallerThread.start(call);
    while (!stop.reached() && caller.thread().isAlive()) {
      Thread.onSpinWait();
    }
    if (!stop.reached()) {
      storage.remove(stop);
      caller.result();
      return null;
    }
    stop.awaitStopped();
    return new StoppedCall(storage, stop, caller);
  }

  /** Lets the thread go on to its end and returns what its call answered. */
  public EfiStatus goOn() throws InterruptedException {
    close();
    return EfiStatus.of(call.result());
  }

  /** So that a failed test leaves no thread behind. */
  @Override
  public void close() {
    storage.remove(stop);
    stop.release();
  }
}
