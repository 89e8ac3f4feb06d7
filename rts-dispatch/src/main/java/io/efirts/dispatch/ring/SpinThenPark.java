// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * How the worker waits for the next call: it spins as often as it is told and then parks. It waits
 * for a published slot, not for a claimed one, so that a publisher stopped in between cannot keep
 * an idle worker spinning.
 *
 * <p>Publishing takes no lock and, unless the worker is parked, makes no system call.
 */
final class SpinThenPark implements WaitStrategy {
  /** A lost wake-up, which the fence below rules out, would cost this much and not a hang. */
  private static final long PARK_NANOS = 50_000_000;

  private final int spins;
  private RingBuffer<?> ring;
  private volatile Thread parked;

  /**
   * A strategy.
   *
   * @param spins how often to look before parking; {@link Integer#MAX_VALUE} to look for ever
   */
  SpinThenPark(int spins) {
    this.spins = spins;
  }

  /** Tells which ring to wait for; before the worker starts. */
  void bind(RingBuffer<?> ring) {
    this.ring = ring;
  }

  @Override
  public long waitFor(
      long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
      throws AlertException {
    int left = spins;
    while (!ring.isAvailable(sequence)) {
      barrier.checkAlert();
      if (left == 0) {
        park(sequence, barrier);
      } else {
        if (left != Integer.MAX_VALUE) {
          left--;
        }
        Thread.onSpinWait();
      }
    }
    return sequence;
  }

  private void park(long sequence, SequenceBarrier barrier) {
    if (mayPark(sequence, barrier)) {
      LockSupport.parkNanos(this, PARK_NANOS);
      // The worker is ours, nobody's interrupt means anything to it; left set, it would not park.
      Thread.interrupted();
    }
    parked = null;
  }

  /** Announces that the current thread is about to park, then looks once more whether it may. */
  boolean mayPark(long sequence, SequenceBarrier barrier) {
    parked = Thread.currentThread();
    // Orders the announcement before the look at the ring, which is no more than an acquire load;
    // the publisher's fence is the other half.
    VarHandle.fullFence();
    return !ring.isAvailable(sequence) && !barrier.isAlerted();
  }

  @Override
  public void signalAllWhenBlocking() {
    // Orders the publication before the read of parked: without it both sides could miss the other,
    // and a call would wait for the end of the park. CallRing.tryPublish relies on it as well.
    VarHandle.fullFence();
    Thread worker = parked;
    if (worker != null) {
      LockSupport.unpark(worker);
    }
  }
}
