// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stopped thread goes on when released, and notices nothing of the stop. */
@Timeout(60)
class StopPointTest {
  private final AtomicBoolean passed = new AtomicBoolean();

  @Test
  void aThreadStopsUntilItIsReleased() throws InterruptedException {
    try (StopPoint stop = new StopPoint()) {
      assertFalse(stop.reached());
      CallerThread<Integer> caller = CallerThread.start(() -> pass(stop));
      assertSame(caller.thread(), stop.awaitStopped());
      assertTrue(stop.reached());
      caller.awaitParked();
      assertFalse(passed.get());
      stop.release();
      assertEquals(1, caller.result());
    }
    assertTrue(passed.get());
  }

  @Test
  void nobodyStopsAfterTheRelease() throws InterruptedException {
    StopPoint stop = new StopPoint();
    stop.close();
    assertFalse(stop.reached());
    assertEquals(1, pass(stop));
    assertSame(Thread.currentThread(), stop.awaitStopped());
  }

  @Test
  void anInterruptionIsKeptForLater() throws InterruptedException {
    try (StopPoint stop = new StopPoint()) {
      CallerThread<Boolean> caller =
          CallerThread.start(
              () -> {
                stop.pass();
                return Thread.interrupted();
              });
      stop.awaitStopped();
      caller.thread().interrupt();
      caller.awaitParked();
      stop.release();
      assertTrue(caller.result());
    }
  }

  @Test
  void aWakeUpIsKeptForLater() throws InterruptedException {
    try (StopPoint stop = new StopPoint()) {
      CallerThread<Integer> caller =
          CallerThread.start(
              () -> {
                stop.pass();
                // Returns at once if the permit is still there, and never if it was used up.
                LockSupport.park();
                return 1;
              });
      stop.awaitStopped();
      caller.awaitParked();
      LockSupport.unpark(caller.thread());
      caller.awaitParked();
      stop.release();
      assertEquals(1, caller.result());
    }
  }

  private int pass(StopPoint stop) {
    stop.pass();
    passed.set(true);
    return 1;
  }
}
