// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.policy;

import io.efirts.api.spec.RuntimeService;

/**
 * Takes the times of every queued call that firmware answered. One writer: the worker.
 *
 * <p>With HdrHistogram: {@code (service, queue, firmware) -> recorder.recordValue(queue +
 * firmware)} with a {@code SingleWriterRecorder}.
 */
@FunctionalInterface
public interface LatencyRecorder {
  /**
   * A call was made. Called on the worker before the caller learns of the end: must not block, lock
   * or allocate.
   *
   * @param service which service; null for a vendor's entry
   * @param queueNanos from its publication to its entry into the firmware
   * @param firmwareNanos from there until firmware was left
   */
  void record(RuntimeService service, long queueNanos, long firmwareNanos);
}
