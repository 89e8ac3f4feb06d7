// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I-12: a reset that hangs inside the firmware goes to the embedder's own way of resetting. */
@Timeout(60)
class ResetHangTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final VirtualClock clock = new VirtualClock();
  private final FirmwareHold hold = new FirmwareHold();
  private final ScriptedFirmware firmware =
      new ScriptedFirmware().on(RuntimeService.RESET_SYSTEM, hold);
  private final List<Thread> tried = new CopyOnWriteArrayList<>();

  private DispatcherBuilder builder() {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .clock(clock)
        .closeWait(Duration.ZERO)
        .wedgeLimit(RuntimeService.RESET_SYSTEM, LIMIT);
  }

  private static CallerThread<CallResult> reset(Dispatcher dispatcher) {
    return CallerThread.start(
        () -> dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
  }

  @Test
  void theWatchTriesTheFallbacksAfterTheLimit() throws InterruptedException {
    try (Dispatcher dispatcher =
            builder().invoker().resetFallback(type -> tried.add(Thread.currentThread())).start();
        hold) {
      CallerThread<CallResult> reset = reset(dispatcher);
      hold.awaitEntered();
      dispatcher.pump();
      clock.advance(LIMIT.minusNanos(1));
      dispatcher.pump();
      assertEquals(List.of(), tried);
      clock.advance(Duration.ofNanos(1));
      dispatcher.pump();
      dispatcher.pump();
      assertEquals(List.of(Thread.currentThread()), tried, "once");
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(1, dispatcher.count(Counter.WEDGES));
      hold.release();
      reset.result();
      assertEquals(1, tried.size(), "the thread that came back finds a reset under way");
    }
  }

  @Test
  void fallbacksThatCannotAreNotTriedWithEveryRound() throws InterruptedException {
    try (Dispatcher dispatcher =
            builder().invoker().resetFallback(type -> !tried.add(Thread.currentThread())).start();
        hold) {
      CallerThread<CallResult> reset = reset(dispatcher);
      hold.awaitEntered();
      dispatcher.pump();
      clock.advance(LIMIT);
      for (int i = 0; i < 10; i++) {
        dispatcher.pump();
      }
      assertEquals(1, tried.size());
      hold.release();
      reset.result();
      assertEquals(2, tried.size(), "once more when firmware has come back");
    }
  }

  /** The watch finds out by itself, and then sleeps again. */
  @Test
  void theWatchThreadTriesThemAndSleeps() throws InterruptedException {
    BlockingQueue<Thread> watch = new LinkedBlockingQueue<>();
    try (Dispatcher dispatcher =
            builder().resetFallback(type -> !watch.add(Thread.currentThread())).start();
        hold) {
      CallerThread<CallResult> reset = reset(dispatcher);
      hold.awaitEntered();
      Thread thread = null;
      // The limit counts from the watch's own first look at the hold.
      for (long waited = 0; thread == null && waited < Patience.LIMIT.toMillis(); waited += 10) {
        clock.advance(LIMIT);
        thread = watch.poll(10, TimeUnit.MILLISECONDS);
      }
      assertNotNull(thread, "the fallback must be tried");
      CallerThread.awaitParked(thread);
      hold.release();
      reset.result();
    }
  }
}
