// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.policy.WorkerWait;

/**
 * The queue of calls, in the order in which they were published.
 *
 * <p>Any thread may publish; it never waits, never allocates and takes no lock.
 */
public final class CallRing {
  private final RingBuffer<CallSlot> ring;

  /**
   * An empty ring.
   *
   * @param minimumSlots least number of slots; rounded up to a power of two
   * @param wait how the worker waits
   */
  public CallRing(int minimumSlots, WorkerWait wait) {
    SpinThenPark waitStrategy = new SpinThenPark(wait.spins());
    int slots = Integer.highestOneBit(Math.max(2, minimumSlots) * 2 - 1);
    ring = RingBuffer.createMultiProducer(CallSlot::new, slots, waitStrategy);
    waitStrategy.bind(ring);
  }

  /**
   * Publishes a call. Ends with a full fence: what the publisher reads afterwards was not read
   * before the call could be seen.
   *
   * @param call a queued call
   * @param generation its generation
   * @return false if the ring is full
   */
  public boolean tryPublish(DispatchCall call, long generation) {
    long sequence;
    try {
      sequence = ring.tryNext();
    } catch (InsufficientCapacityException full) {
      return false;
    }
    ring.get(sequence).set(call, generation);
    ring.publish(sequence);
    return true;
  }

  /**
   * Makes the consumer of this ring; once.
   *
   * @param worker handles each slot
   * @param exceptionHandler takes what the worker throws; Disruptor's own default would end it
   * @return the processor, to be run on the worker's thread
   */
  public BatchEventProcessor<CallSlot> consumer(
      EventHandler<CallSlot> worker, ExceptionHandler<CallSlot> exceptionHandler) {
    // Batches of one: a slot is free again when its call has ended, not when a whole batch has.
    BatchEventProcessor<CallSlot> processor =
        new BatchEventProcessorBuilder().setMaxBatchSize(1).build(ring, ring.newBarrier(), worker);
    processor.setExceptionHandler(exceptionHandler);
    ring.addGatingSequences(processor.getSequence());
    return processor;
  }

  /**
   * Makes the poller of this ring, for a consumer without a thread; once.
   *
   * @return the poller
   */
  public EventPoller<CallSlot> poller() {
    EventPoller<CallSlot> poller = ring.newPoller();
    ring.addGatingSequences(poller.getSequence());
    return poller;
  }
}
