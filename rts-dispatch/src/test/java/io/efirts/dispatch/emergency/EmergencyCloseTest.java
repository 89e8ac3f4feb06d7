// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing after an emergency leaves no thread behind. */
@Timeout(60)
class EmergencyCloseTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void workerAndWatchEnd(boolean ended) throws InterruptedException {
    Thread[] worker = new Thread[1];
    BlockingQueue<Thread> watch = new LinkedBlockingQueue<>();
    Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(new ScriptedFirmware())
            .threads(
                work -> {
                  worker[0] = Thread.ofPlatform().daemon(true).unstarted(work);
                  return worker[0];
                })
            .listener(
                event -> {
                  if (event instanceof DispatcherEvent.ModeChanged) {
                    watch.add(Thread.currentThread());
                  }
                })
            .start();
    Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
    if (ended) {
      emergency.end();
    }
    dispatcher.close();
    assertTrue(worker[0].join(Patience.LIMIT));
    Thread watching = watch.poll(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    assertTrue(watching.join(Patience.LIMIT));
    assertEquals(ended ? DispatcherMode.DEAD : DispatcherMode.EMERGENCY, dispatcher.mode());
    dispatcher.close();
  }
}
