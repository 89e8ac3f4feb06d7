// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.ExceptionHandler;
import io.efirts.dispatch.call.DispatchCall;

/**
 * Takes published slots off a ring on the current thread, as the worker does, and ends. Waits for
 * the publisher, parked if need be.
 */
final class TakenSlots {
  private final BatchEventProcessor<CallSlot> consumer;
  private final DispatchCall[] calls;
  private final long[] generations;
  private int count;

  TakenSlots(CallRing ring, int expected) {
    calls = new DispatchCall[expected];
    generations = new long[expected];
    consumer = ring.consumer(this::take, new Rethrow());
  }

  private void take(CallSlot slot, long sequence, boolean endOfBatch) {
    calls[count] = slot.call();
    generations[count++] = slot.generation();
    if (count == calls.length) {
      consumer.halt();
    }
  }

  /** Takes as many slots as were expected. */
  void await() {
    consumer.run();
  }

  DispatchCall call(int index) {
    return calls[index];
  }

  long generation(int index) {
    return generations[index];
  }

  private static final class Rethrow implements ExceptionHandler<CallSlot> {
    @Override
    public void handleEventException(Throwable thrown, long sequence, CallSlot slot) {
      throw new IllegalStateException(thrown);
    }

    @Override
    public void handleOnStartException(Throwable thrown) {
      throw new IllegalStateException(thrown);
    }

    @Override
    public void handleOnShutdownException(Throwable thrown) {
      throw new IllegalStateException(thrown);
    }
  }
}
