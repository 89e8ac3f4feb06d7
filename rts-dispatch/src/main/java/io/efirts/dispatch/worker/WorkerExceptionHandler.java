// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import com.lmax.disruptor.ExceptionHandler;
import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.dispatch.call.CallPool;
import io.efirts.dispatch.call.DispatchCall;
import io.efirts.dispatch.ring.CallSlot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the worker throws although firmware's own faults are contained: an error of ours or of
 * the JVM. Ends the call it happened in and lets the worker go on; Disruptor's default handler
 * would end the worker and leave every caller waiting.
 */
final class WorkerExceptionHandler implements ExceptionHandler<CallSlot> {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerExceptionHandler.class);
  private static final CallResult FAULTED = CallResult.refused(Outcome.FAULTED, true, false);

  private final CallPool pool;

  WorkerExceptionHandler(CallPool pool) {
    this.pool = pool;
  }

  @Override
  public void handleEventException(Throwable thrown, long sequence, CallSlot slot) {
    DispatchCall call = slot.call();
    long generation = slot.generation();
    if (!call.complete(generation, FAULTED) && !call.cancel(generation, Outcome.FAULTED)) {
      pool.giveBackAbandoned(call, generation);
    }
    call.wake();
    LOG.error("worker failed in a call; it goes on with the next", thrown);
  }

  @Override
  public void handleOnStartException(Throwable thrown) {
    LOG.error("worker failed while starting", thrown);
  }

  @Override
  public void handleOnShutdownException(Throwable thrown) {
    LOG.error("worker failed while stopping", thrown);
  }
}
