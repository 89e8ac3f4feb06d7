// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.worker;

import com.lmax.disruptor.ExceptionHandler;
import io.efirts.dispatch.ring.CallSlot;

/**
 * Takes what the worker throws although firmware's own faults are contained: an error of ours or of
 * the JVM. Ends the call it happened in and lets the worker go on; Disruptor's default handler
 * would end the worker and leave every caller waiting.
 *
 * <p>If this throws as well, the thread ends, and waiters and the watch find out.
 */
final class WorkerExceptionHandler implements ExceptionHandler<CallSlot> {
  private final FirmwareWorker worker;

  WorkerExceptionHandler(FirmwareWorker worker) {
    this.worker = worker;
  }

  @Override
  public void handleEventException(Throwable thrown, long sequence, CallSlot slot) {
    worker.failed(slot, thrown);
  }

  @Override
  public void handleOnStartException(Throwable thrown) {
    worker.reportFailure(thrown);
  }

  @Override
  public void handleOnShutdownException(Throwable thrown) {
    worker.reportFailure(thrown);
  }
}
