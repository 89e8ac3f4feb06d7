// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.Firmware;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A behaviour that stays inside the firmware until it is released, then goes on as another one.
 * After the release it holds nobody any more.
 *
 * <p>Safe for any thread. Interrupting the thread inside does not release it, as it would not end a
 * call into real firmware; the flag is kept.
 */
public final class FirmwareHold implements Firmware, AutoCloseable {
  /** How long a test waits for something that is bound to happen. */
  static final long PATIENCE_SECONDS = 20;

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
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
   * @throws AssertionError if none came within 20 seconds
   * @throws InterruptedException if the current thread is interrupted
   */
  public void awaitEntered() throws InterruptedException {
    assertTrue(
        entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "no call has reached the firmware");
  }

  /** Lets the call that is inside, and every later one, go on. */
  public void release() {
    released.countDown();
  }

  /** Releases, so that a failed test leaves no thread behind. */
  @Override
  public void close() {
    release();
  }

  @Override
  public long call(CallFrame frame) {
    entered.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        released.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return then.call(frame);
  }
}
