// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.Firmware;
import java.util.Objects;

/**
 * A behaviour that stays inside the firmware until it is released, then goes on as another one.
 * After the release it holds nobody any more.
 *
 * <p>Safe for any thread. Interrupting the thread inside does not release it, as it would not end a
 * call into real firmware; see {@link StopPoint}.
 */
public final class FirmwareHold implements Firmware, AutoCloseable {
  private final StopPoint stop = new StopPoint();
  private final Firmware then;

  /** A hold that answers EFI_SUCCESS once released. */
  public FirmwareHold() {
    this(frame -> EfiStatusCode.SUCCESS);
  }

  /**
   * A hold in front of another behaviour.
   *
   * @param then makes the call after the release
   */
  public FirmwareHold(Firmware then) {
    this.then = Objects.requireNonNull(then, "then");
  }

  /**
   * Waits until a call is inside.
   *
   * @return the thread that is inside
   * @throws AssertionError if none came within {@link Patience#LIMIT}
   * @throws InterruptedException if the current thread is interrupted
   */
  public Thread awaitEntered() throws InterruptedException {
    return stop.awaitStopped();
  }

  /** Lets the call that is inside, and every later one, go on. */
  public void release() {
    stop.release();
  }

  /** Releases, so that a failed test leaves no thread behind. */
  @Override
  public void close() {
    release();
  }

  @Override
  public long call(CallFrame frame) {
    stop.pass();
    return then.call(frame);
  }
}
