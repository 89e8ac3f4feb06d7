// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import io.efirts.api.CallResult;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.gate.GateTarget;

/**
 * The last direct calls, kept in preallocated records until a thread that may allocate writes them
 * into the flight recording.
 *
 * <p>Written by whoever has the gate, so by one thread at a time; read by the thread that watches.
 * Writing allocates nothing and waits for nobody: a record that is not fetched in time is
 * overwritten.
 */
public final class BypassLog {
  private static final int RECORDS = 64;

  private final NanoClock clock;
  private final BypassEvent event = new BypassEvent();
  private final int[] targets = new int[RECORDS];
  private final CallResult[] results = new CallResult[RECORDS];
  private final long[] enteredNanos = new long[RECORDS];
  private final long[] leftNanos = new long[RECORDS];

  /** How many records were ever written; the records below it are complete. */
  private volatile long written;

  /** How many of them were fetched. Used by the reader only. */
  private long fetched;

  /**
   * An empty log.
   *
   * @param clock the dispatcher's clock
   */
  public BypassLog(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * The time, if a flight recording wants these calls.
   *
   * @return nanoseconds, or 0
   */
  public long now() {
    return event.isEnabled() ? clock.nanoTime() : 0;
  }

  /**
   * Notes a direct call. For whoever has the gate.
   *
   * @param target what was called
   * @param result its result
   * @param enteredAt what {@link #now} said before
   */
  public void made(int target, CallResult result, long enteredAt) {
    if (enteredAt == 0) {
      return;
    }
    long number = written;
    int index = (int) (number % RECORDS);
    targets[index] = target;
    results[index] = result;
    enteredNanos[index] = enteredAt;
    leftNanos[index] = clock.nanoTime();
    // Volatile: publishes the record; the gate orders one writer behind the other.
    written = number + 1;
  }

  /** Writes what was noted into the flight recording. For the one thread that watches. */
  public void drain() {
    long end = written;
    // The oldest record may be in the middle of being overwritten: half of them are left alone.
    fetched = Math.max(fetched, end - RECORDS / 2);
    for (; fetched < end; fetched++) {
      int index = (int) (fetched % RECORDS);
      var service = GateTarget.service(targets[index]);
      event.service = service == null ? "vendor" : service.efiName();
      event.status = results[index].status().name();
      event.outcome = results[index].outcome().name();
      event.firmwareTime = leftNanos[index] - enteredNanos[index];
      event.ago = clock.nanoTime() - leftNanos[index];
      event.commit();
    }
  }
}
