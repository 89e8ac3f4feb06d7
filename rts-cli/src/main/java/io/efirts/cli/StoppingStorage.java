// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.spi.NvStorage;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A storage in which a thread can be stopped: it then stands inside the firmware, in the middle of
 * a write.
 */
final class StoppingStorage implements NvStorage {
  private static final long STOP_SECONDS = 60;

  private final NvStorage storage;
  private final AtomicBoolean stopNext = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch resumed = new CountDownLatch(1);

  StoppingStorage(NvStorage storage) {
    this.storage = storage;
  }

  /** The next thread that makes its write durable is stopped instead. */
  void stopNext() {
    stopNext.set(true);
  }

  /** Returns once a thread stands here. */
  void awaitStopped() throws InterruptedException {
    if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new CliException("no thread came into the firmware: seconds=" + STOP_SECONDS);
    }
  }

  /** Lets it go on. */
  void resume() {
    resumed.countDown();
  }

  @Override
  public long sizeBytes() {
    return storage.sizeBytes();
  }

  @Override
  public MemorySegment content() {
    return storage.content();
  }

  @Override
  public boolean readOnly() {
    return storage.readOnly();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    storage.write(offset, source, sourceOffset, lengthBytes);
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    return storage.compareAndSetWord(offset, expected, replacement);
  }

  @Override
  public void force(long offset, long lengthBytes) {
    if (stopNext.compareAndSet(true, false)) {
      stopped.countDown();
      awaitResumed();
    }
    storage.force(offset, lengthBytes);
  }

  private void awaitResumed() {
    boolean interrupted = false;
    while (resumed.getCount() != 0) {
      try {
        resumed.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
