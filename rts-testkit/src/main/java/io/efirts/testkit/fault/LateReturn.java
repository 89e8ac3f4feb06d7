// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.Firmware;
import io.efirts.testkit.StopPoint;
import java.util.List;

/**
 * Firmware that hangs and comes back after nobody waits for it any more: released, it fills
 * everything it was given to write to, then answers EFI_SUCCESS. Addresses and sizes are those it
 * was called with, whatever became of the work item meanwhile.
 *
 * <p>Safe for any thread; see {@link StopPoint} for what does not release it. A vendor's entry has
 * no known buffers and writes nothing.
 */
public final class LateReturn implements Firmware, AutoCloseable {
  /** What every byte of the call's outputs is overwritten with. */
  public static final byte FILL = (byte) 0xA5;

  private final StopPoint stop = new StopPoint();

  /** A behaviour that hangs. */
  public LateReturn() {}

  @Override
  public long call(CallFrame frame) {
    List<OutputBuffer> buffers = OutputBuffer.of(frame);
    stop.pass();
    for (OutputBuffer buffer : buffers) {
      buffer.fill(FILL);
    }
    return EfiStatusCode.SUCCESS;
  }

  /**
   * Waits until a call is inside.
   *
   * @return the thread that is inside
   * @throws AssertionError if none came within {@link io.efirts.testkit.Patience#LIMIT}
   * @throws InterruptedException if the current thread is interrupted
   */
  public Thread awaitEntered() throws InterruptedException {
    return stop.awaitStopped();
  }

  /** Lets the call that is inside, and every later one, write and return. */
  public void release() {
    stop.release();
  }

  /** Releases, so that a failed test leaves no thread behind. */
  @Override
  public void close() {
    release();
  }
}
