// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.jmh;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A round trip through a Disruptor and nothing else: publish an event, wait for its number. */
public class BareDisruptorBenchmark extends RoundTrip {
  private static final int SLOTS = 64;

  private final Disruptor<Event> disruptor =
      new Disruptor<>(
          Event::new,
          SLOTS,
          DaemonThreadFactory.INSTANCE,
          ProducerType.MULTI,
          new BusySpinWaitStrategy());
  private RingBuffer<Event> ring;
  private volatile long answered;
  private long sent;

  /** What travels through the ring. */
  private static final class Event {
    private long number;
  }

  /** For JMH. */
  public BareDisruptorBenchmark() {}

  /** Starts the consumer. */
  @Setup
  public void start() {
    disruptor.handleEventsWith((event, sequence, endOfBatch) -> answered = event.number);
    ring = disruptor.start();
  }

  /** Ends the consumer. */
  @TearDown
  public void stop() {
    disruptor.shutdown();
  }

  /** One round trip. */
  @Benchmark
  public void bareDisruptor() {
    long number = ++sent;
    long sequence = ring.next();
    try {
      ring.get(sequence).number = number;
    } finally {
      ring.publish(sequence);
    }
    while (answered != number) {
      Thread.onSpinWait();
    }
  }
}
