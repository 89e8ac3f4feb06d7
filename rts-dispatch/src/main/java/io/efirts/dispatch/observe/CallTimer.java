// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import io.efirts.api.CallResult;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.policy.LatencyRecorder;

/**
 * Times queued calls, for a recorder, a flight recording, or neither: then no clock is read.
 *
 * <p>Any thread may ask {@link #isOn} and {@link #now}; {@link #made} is the worker's. Nothing
 * blocks or allocates, unless a flight recording is on.
 */
public final class CallTimer {
  private final NanoClock clock;
  private final LatencyRecorder recorder;

  /** Used again for each call; the only one who does is the worker. */
  private final CallEvent event = new CallEvent();

  /**
   * A timer.
   *
   * @param clock the dispatcher's clock
   * @param recorder takes the times, or null
   */
  public CallTimer(NanoClock clock, LatencyRecorder recorder) {
    this.clock = clock;
    this.recorder = recorder;
  }

  /**
   * Whether somebody wants the times.
   *
   * @return false if the clock need not be read
   */
  public boolean isOn() {
    return recorder != null || event.isEnabled();
  }

  /**
   * The time, if somebody wants it.
   *
   * @return nanoseconds, or 0
   */
  public long now() {
    return isOn() ? clock.nanoTime() : 0;
  }

  /**
   * A call was made.
   *
   * @param service which, null for a vendor's entry
   * @param result its result
   * @param queuedNanos when it was queued, 0 if that was not noted
   * @param enteredNanos when firmware was entered, 0 if that was not noted
   */
  public void made(RuntimeService service, CallResult result, long queuedNanos, long enteredNanos) {
    if (queuedNanos == 0 || enteredNanos == 0) {
      return;
    }
    long queue = enteredNanos - queuedNanos;
    long firmware = clock.nanoTime() - enteredNanos;
    if (recorder != null) {
      recorder.record(service, queue, firmware);
    }
    if (event.isEnabled()) {
      event.service = service == null ? "vendor" : service.efiName();
      event.status = result.status().name();
      event.outcome = result.outcome().name();
      event.queueTime = queue;
      event.firmwareTime = firmware;
      event.commit();
    }
  }
}
