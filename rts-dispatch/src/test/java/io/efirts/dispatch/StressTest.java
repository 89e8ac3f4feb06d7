// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads, all ways in, one firmware whose answers depend on the arguments: never two inside
 * (I-1), everybody gets the own result (I-7), and in steady state nobody allocates.
 */
class StressTest {
  private static final int THREADS = 8;
  private static final int WARM_UP = 20_000;
  private static final int CALLS = 100_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What a thread found. */
  private record Found(long mistakes, long made, long madeDirectly, long allocatedBytes) {}

  @Test
  @Timeout(120)
  void everybodyGetsTheOwnResultAndNobodyMeetsInside() throws Exception {
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.CONVERT_POINTER,
                frame -> {
                  long pointer = frame.memory().getLong(frame.word(1));
                  frame.memory().putLong(frame.word(1), MixedCaller.answer(pointer));
                  return 0;
                })
            .on(
                RuntimeService.GET_VARIABLE,
                frame -> {
                  long answer = MixedCaller.answer(frame.memory().getLong(frame.word(1)));
                  frame.memory().putLong(frame.word(3), 8);
                  frame.memory().putLong(frame.word(4), answer);
                  return 0;
                })
            .on(
                RuntimeService.QUERY_VARIABLE_INFO,
                frame -> {
                  long answer = MixedCaller.answer(frame.word(0));
                  frame.memory().putLong(frame.word(1), answer);
                  frame.memory().putLong(frame.word(2), answer + 1);
                  frame.memory().putLong(frame.word(3), answer + 2);
                  return 0;
                })
            .on(RuntimeService.SET_TIME, frame -> MixedCaller.status(frame.word(0)))
            .onVendor(MixedCaller.VENDOR_ENTRY, frame -> MixedCaller.status(frame.word(5)));
    Thread[] worker = new Thread[1];
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(6)
            .threads(work -> worker[0] = Thread.ofPlatform().daemon(true).unstarted(work))
            .start()) {
      CyclicBarrier warm = new CyclicBarrier(THREADS + 1);
      CyclicBarrier measured = new CyclicBarrier(THREADS + 1);
      List<CallerThread<Found>> callers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        MixedCaller caller = new MixedCaller(dispatcher, i);
        callers.add(CallerThread.start(() -> run(caller, warm, measured)));
      }
      warm.await(60, TimeUnit.SECONDS);
      long before = threads.getThreadAllocatedBytes(worker[0].threadId());
      measured.await(60, TimeUnit.SECONDS);
      long workerBytes = threads.getThreadAllocatedBytes(worker[0].threadId()) - before;
      long made = 0;
      long callerBytes = 0;
      long madeDirectly = 0;
      for (CallerThread<Found> caller : callers) {
        Found found = caller.result();
        assertEquals(0, found.mistakes);
        assertTrue(found.allocatedBytes < CALLS, () -> "bytes of a caller=" + found.allocatedBytes);
        made += found.made;
        madeDirectly += found.madeDirectly;
        callerBytes += found.allocatedBytes;
      }
      System.out.printf(
          "%d threads x %d calls: made directly %d, greatest inside %d, bytes allocated by callers"
              + " %d, by worker %d%n",
          THREADS, CALLS, madeDirectly, firmware.greatestInside(), callerBytes, workerBytes);
      assertTrue(workerBytes < CALLS, () -> "bytes of the worker=" + workerBytes);
      assertTrue(madeDirectly > 0, "some non-blocking calls must have found the gate free");
      assertTrue(
          dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null).isSuccess(),
          "and it must be free in the end");
      assertEquals(made + 1, firmware.entries(), "what was refused was not made (I-5)");
      assertEquals(1, firmware.greatestInside());
    }
  }

  private Found run(MixedCaller caller, CyclicBarrier warm, CyclicBarrier measured)
      throws Exception {
    caller.run(WARM_UP);
    warm.await(60, TimeUnit.SECONDS);
    long before = threads.getCurrentThreadAllocatedBytes();
    caller.run(CALLS);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    measured.await(60, TimeUnit.SECONDS);
    return new Found(caller.mistakes(), caller.made(), caller.madeDirectly(), allocated);
  }
}
