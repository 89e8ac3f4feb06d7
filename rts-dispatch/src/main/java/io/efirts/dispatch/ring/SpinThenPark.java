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
 * How the worker waits for the next call: it spins for a moment, since calls come in bursts and
 * waking a parked thread costs more than most calls, and then parks, since an idle dispatcher must
 * cost nothing.
 *
 * <p>Publishing takes no lock and, unless the worker is parked, makes no system call.
 */
final class SpinThenPark implements WaitStrategy {
  /** Some 20 to 50 microseconds: the price of waking a thread. */
  private static final int SPINS = 1_000;

  /** A lost wake-up, which the fence below rules out, would cost this much and not a hang. */
  private static final long PARK_NANOS = 50_000_000;

  private RingBuffer<?> ring;
  private volatile Thread parked;

  /** Tells which ring to wait for; before the worker starts. */
  void bind(RingBuffer<?> ring) {
    this.ring = ring;
  }

  @Override
  public long waitFor(
      long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
      throws AlertException {
    int spins = SPINS;
    while (!ring.isAvailable(sequence)) {
      barrier.checkAlert();
      if (spins > 0) {
        spins--;
        Thread.onSpinWait();
      } else {
        park(sequence, barrier);
      }
    }
    return sequence;
  }

  private void park(long sequence, SequenceBarrier barrier) {
    parked = Thread.currentThread();
    // Orders the announcement before the look at the ring, which is no more than an acquire load;
    // the publisher's fence is the other half.
    VarHandle.fullFence();
    if (!ring.isAvailable(sequence) && !barrier.isAlerted()) {
      LockSupport.parkNanos(this, PARK_NANOS);
      // The worker is ours, nobody's interrupt means anything to it; left set, it would not park.
      Thread.interrupted();
    }
    parked = null;
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
