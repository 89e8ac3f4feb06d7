// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.exhausted;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.dispatch.Dispatcher;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;

/** A firmware in which a thread can be stopped for good. */
final class StoppingFirmware implements Firmware {
  private final Firmware firmware;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private volatile boolean stopNext;

  StoppingFirmware(Firmware firmware) {
    this.firmware = firmware;
  }

  void stopNext() {
    stopNext = true;
  }

  void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  static void call(Dispatcher dispatcher) {
    dispatcher
        .nonBlocking()
        .setVariable("Stopped", new EfiGuid(1, 2), 7, 1, MemorySegment.ofArray(new byte[1]));
  }

  @Override
  public long call(CallFrame frame) {
    if (stopNext) {
      stopNext = false;
      stopped.countDown();
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return firmware.call(frame);
  }

  @Override
  public CrashEntry crashEntry() {
    return firmware.crashEntry();
  }
}
