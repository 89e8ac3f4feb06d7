// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.NanoClock;
import io.efirts.testkit.CallerThread;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long somebody waits for the right to dump. */
@Timeout(60)
class DumpLockTest {
  private static final long NANOS = 1_000_000;

  private final List<Boolean> flagsInWaits = new ArrayList<>();
  private final DumpLock lock = new DumpLock(new FirstWaitFrees(), null);

  /** Stands still; by the end of the first wait the other dump is over. */
  private final class FirstWaitFrees implements NanoClock {
    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
      flagsInWaits.add(Thread.currentThread().isInterrupted());
      lock.unlock();
    }
  }

  @AfterEach
  void clearFlag() {
    Thread.interrupted();
  }

  /** A thread whose flag is set does not park: its waits would be over as soon as they begin. */
  @Test
  void anInterruptDoesNotCutTheWaitShort() throws InterruptedException {
    assertTrue(CallerThread.start(lock::tryLock).result());
    Thread.currentThread().interrupt();
    assertTrue(lock.awaitFree(NANOS));
    assertTrue(Thread.interrupted(), "the flag is kept");
    assertEquals(List.of(false), flagsInWaits);
  }
}
