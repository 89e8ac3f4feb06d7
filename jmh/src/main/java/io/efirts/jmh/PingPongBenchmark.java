// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.jmh;

import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The least two threads can do: a number goes over in one cache line and back in another. */
public class PingPongBenchmark extends RoundTrip {
  /** Distance between the words: two cache lines, which processors fetch in pairs. */
  private static final int LINES = 16;

  private static final int PING = 2 * LINES;
  private static final int PONG = 4 * LINES;
  private static final long STOP = -1;

  private final AtomicLongArray words = new AtomicLongArray(6 * LINES);
  private Thread echo;
  private long sent;

  /** For JMH. */
  public PingPongBenchmark() {}

  /** Starts the thread that answers. */
  @Setup
  public void start() {
    echo = Thread.ofPlatform().daemon(true).start(this::answer);
  }

  private void answer() {
    long seen = 0;
    while (seen != STOP) {
      long ping = words.getAcquire(PING);
      if (ping == seen) {
        Thread.onSpinWait();
      } else {
        seen = ping;
        words.setRelease(PONG, ping);
      }
    }
  }

  /**
   * Ends the thread that answers.
   *
   * @throws InterruptedException if interrupted while waiting for it
   */
  @TearDown
  public void stop() throws InterruptedException {
    words.setRelease(PING, STOP);
    echo.join();
  }

  /** One round trip. */
  @Benchmark
  public void pingPong() {
    long number = ++sent;
    words.setRelease(PING, number);
    while (words.getAcquire(PONG) != number) {
      Thread.onSpinWait();
    }
  }
}
