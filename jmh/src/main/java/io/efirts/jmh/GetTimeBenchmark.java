// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.jmh;

import io.efirts.api.CallResult;
import io.efirts.api.RuntimeServices;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.policy.WorkerWait;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** GetTime through the whole dispatcher, to a firmware that writes the time and returns. */
public class GetTimeBenchmark extends RoundTrip {
  private static final long TIME_LOW = 0x0000_1234_0A03_07E9L;
  private static final long TIME_HIGH = 0x0000_07FF_0000_0000L;

  private final EfiTimeHolder time = new EfiTimeHolder();
  private Dispatcher dispatcher;
  private RuntimeServices services;

  /** For JMH. */
  public GetTimeBenchmark() {}

  /** Starts a dispatcher. */
  @Setup
  public void start() {
    dispatcher =
        Dispatcher.builder()
            .firmware(
                frame -> {
                  frame.memory().putLong(frame.word(0), TIME_LOW);
                  frame.memory().putLong(frame.word(0) + Long.BYTES, TIME_HIGH);
                  return 0;
                })
            .workerWait(WorkerWait.BUSY_SPIN)
            .start();
    services = dispatcher.runtimeServices();
  }

  /** Closes it. */
  @TearDown
  public void stop() {
    dispatcher.close();
  }

  /**
   * One call.
   *
   * @return its result
   */
  @Benchmark
  public CallResult getTime() {
    return services.getTime(time, null);
  }
}
