// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.SequenceBarrier;
import io.efirts.api.call.RuntimeCall;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.policy.WorkerWait;
import io.efirts.testkit.CallerThread;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ring refuses instead of waiting, keeps the order, and its idle consumer is parked. */
@Timeout(60)
class CallRingTest {
  /** What a consumer was handed. */
  private record Seen(DispatchCall call, long generation) {}

  private final DispatchCall call =
      new DispatchCall(new RuntimeCall(MemorySegment.ofArray(new byte[4096]), 0, 0));

  @Test
  void aFullRingRefuses() {
    CallRing ring = new CallRing(3, WorkerWait.ADAPTIVE);
    ring.consumer((slot, sequence, endOfBatch) -> {}, new EndOnException());
    for (int i = 0; i < 4; i++) {
      assertTrue(ring.tryPublish(call, i), "slots are rounded up to a power of two");
    }
    assertFalse(ring.tryPublish(call, 4));
    assertFalse(ring.tryPublish(call, 4));
  }

  @Test
  void slotsAreHandedOverInOrderAndFreedOneByOne() throws Exception {
    CallRing ring = new CallRing(2, WorkerWait.ADAPTIVE);
    BlockingQueue<Seen> seen = new ArrayBlockingQueue<>(1);
    List<Seen> all = new ArrayList<>();
    BatchEventProcessor<CallSlot> consumer = ring.consumer(putInto(seen), new EndOnException());
    CallerThread<Boolean> thread = start(consumer);
    for (int generation = 0; generation < 1_000; generation++) {
      while (!ring.tryPublish(call, generation)) {
        all.add(take(seen));
      }
    }
    while (all.size() < 1_000) {
      all.add(take(seen));
    }
    for (int generation = 0; generation < 1_000; generation++) {
      assertSame(call, all.get(generation).call);
      assertEquals(generation, all.get(generation).generation);
    }
    consumer.halt();
    assertTrue(thread.result());
  }

  @Test
  void anIdleConsumerParksAndIsWoken() throws Exception {
    CallRing ring = new CallRing(4, WorkerWait.ADAPTIVE);
    BlockingQueue<Seen> seen = new ArrayBlockingQueue<>(1);
    BatchEventProcessor<CallSlot> consumer = ring.consumer(putInto(seen), new EndOnException());
    CallerThread<Boolean> thread = start(consumer);
    for (int generation = 0; generation < 20; generation++) {
      thread.awaitParked();
      assertTrue(ring.tryPublish(call, generation));
      assertEquals(generation, take(seen).generation);
    }
    thread.awaitParked();
    consumer.halt();
    assertTrue(thread.result(), "a parked consumer ends at once");
  }

  /** As a consumer is found that is about to park, or has: its wake-up waits for it. */
  @Test
  void whoHasAnnouncedThatItParksIsWokenByAPublicationAndByAHalt() throws Exception {
    SpinThenPark wait = new SpinThenPark(0);
    RingBuffer<CallSlot> ring = RingBuffer.createMultiProducer(CallSlot::new, 2, wait);
    wait.bind(ring);
    SequenceBarrier barrier = ring.newBarrier();
    CallerThread<Boolean> consumer =
        CallerThread.start(
            () -> {
              assertTrue(wait.mayPark(0, barrier));
              ring.publish(ring.next());
              // Returns at once if the wake-up came, and never if it did not.
              LockSupport.park();
              assertFalse(wait.mayPark(0, barrier), "what was published is there");
              assertTrue(wait.mayPark(1, barrier));
              barrier.alert();
              LockSupport.park();
              assertFalse(wait.mayPark(1, barrier), "it was halted");
              return true;
            });
    assertTrue(consumer.result());
  }

  @Test
  void anInterruptDoesNotKeepAnIdleConsumerSpinning() throws Exception {
    CallRing ring = new CallRing(4, WorkerWait.ADAPTIVE);
    BatchEventProcessor<CallSlot> consumer =
        ring.consumer((slot, sequence, endOfBatch) -> {}, new EndOnException());
    CallerThread<Boolean> thread = start(consumer);
    thread.awaitParked();
    thread.thread().interrupt();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (thread.thread().isInterrupted() && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
    }
    assertFalse(thread.thread().isInterrupted());
    thread.awaitParked();
    consumer.halt();
    assertTrue(thread.result());
  }

  private static CallerThread<Boolean> start(BatchEventProcessor<CallSlot> consumer) {
    return CallerThread.start(
        () -> {
          consumer.run();
          return true;
        });
  }

  private static EventHandler<CallSlot> putInto(BlockingQueue<Seen> seen) {
    return (slot, sequence, endOfBatch) -> seen.put(new Seen(slot.call(), slot.generation()));
  }

  private static Seen take(BlockingQueue<Seen> seen) throws InterruptedException {
    Seen next = seen.poll(20, TimeUnit.SECONDS);
    assertTrue(next != null, "what was published must arrive");
    return next;
  }

  /** The tests' consumers throw nothing; if one does, it ends and its test fails. */
  private static final class EndOnException implements ExceptionHandler<CallSlot> {
    @Override
    public void handleEventException(Throwable thrown, long sequence, CallSlot slot) {
      throw new AssertionError("consumer must not throw", thrown);
    }

    @Override
    public void handleOnStartException(Throwable thrown) {
      throw new AssertionError("consumer must start", thrown);
    }

    @Override
    public void handleOnShutdownException(Throwable thrown) {
      throw new AssertionError("consumer must stop", thrown);
    }
  }
}
