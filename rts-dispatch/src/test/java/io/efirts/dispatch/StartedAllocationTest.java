// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.AsyncRuntimeServicesAbi;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.PendingCall;
import io.efirts.api.RuntimeServices;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * In steady state a started call allocates nothing, nor one that somebody times: neither on its
 * caller's thread nor on the worker nor on the watch.
 */
@Timeout(120)
class StartedAllocationTest {
  private static final int CALLS = 20_000;
  private static final int WARM_UP = 10_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final EfiGuid guid = new EfiGuid(1, 2);
  private final MemorySegment data = MemorySegment.ofArray(new byte[64]);
  private final IntHolder attributes = new IntHolder();
  private final LongHolder size = new LongHolder();
  private final EfiTimeHolder time = new EfiTimeHolder();
  private final AtomicLong ends = new AtomicLong();
  private final AtomicLong recorded = new AtomicLong();
  private Thread worker;
  private final Dispatcher dispatcher =
      Dispatcher.builder()
          .firmware(
              new ScriptedFirmware()
                  .on(
                      RuntimeService.GET_VARIABLE,
                      frame -> {
                        frame.memory().putLong(frame.word(3), 64);
                        frame.memory().putLong(frame.word(4), 42);
                        return 0;
                      }))
          .latencies((service, queueNanos, firmwareNanos) -> recorded.getAndIncrement())
          .threads(work -> worker = Thread.ofPlatform().daemon(true).unstarted(work))
          .start();
  private final RuntimeServices typed = dispatcher.runtimeServices();
  private final AsyncRuntimeServices async = dispatcher.async();
  private final AsyncRuntimeServicesAbi abi = dispatcher.asyncAbi();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  @Test
  void polledGetVariable() {
    PendingCall call = async.newPendingCall();
    assertAllocatesNothing(() -> getVariable(call) && polled(call));
  }

  @Test
  void handledGetVariable() {
    PendingCall call = async.newPendingCall(result -> ends.getAndIncrement());
    assertAllocatesNothing(() -> getVariable(call) && handled(call));
    Eventually.isTrue("each has one end", () -> ends.get() >= WARM_UP + CALLS);
    assertEquals(WARM_UP + CALLS, ends.get());
  }

  @Test
  void polledGetTime() {
    PendingCall call = async.newPendingCall();
    assertAllocatesNothing(() -> async.getTime(call, time, null) && polled(call));
  }

  @Test
  void handledWordsOfAVendorEntry() {
    PendingCall call = abi.newPendingCall(result -> ends.getAndIncrement());
    assertAllocatesNothing(() -> abi.callVendor(call, 1, 6, 1, 2, 3, 4, 5, 6) && handled(call));
  }

  @Test
  void polledWordsOfAService() {
    PendingCall call = abi.newPendingCall();
    assertAllocatesNothing(
        () -> abi.call(call, RuntimeService.SET_TIME, 1, 2, 3, 4, 5) && polled(call));
  }

  @Test
  void aBlockingCallThatIsTimed() {
    assertAllocatesNothing(() -> typed.getTime(time, null).isSuccess());
    assertEquals(WARM_UP + CALLS, recorded.get());
  }

  private boolean getVariable(PendingCall call) {
    size.value = 64;
    return async.getVariable(call, "BootOrder", guid, attributes, size, data);
  }

  private static boolean polled(PendingCall call) {
    while (call.poll() == null) {
      Thread.onSpinWait();
    }
    return call.poll().isSuccess();
  }

  private static boolean handled(PendingCall call) {
    while (call.isPending()) {
      Thread.onSpinWait();
    }
    return call.poll().isSuccess();
  }

  private void assertAllocatesNothing(BooleanSupplier call) {
    long watch = watchThread();
    repeat(call, WARM_UP);
    long callersBefore = threads.getCurrentThreadAllocatedBytes();
    long workersBefore = threads.getThreadAllocatedBytes(worker.threadId());
    long watchsBefore = threads.getThreadAllocatedBytes(watch);
    repeat(call, CALLS);
    long callers = threads.getCurrentThreadAllocatedBytes() - callersBefore;
    long workers = threads.getThreadAllocatedBytes(worker.threadId()) - workersBefore;
    long watchs = threads.getThreadAllocatedBytes(watch) - watchsBefore;

    // Less than a byte for each call: none allocated, see AllocationTest.
    assertTrue(
        callers < CALLS && workers < CALLS && watchs < CALLS,
        () -> "bytes: caller=" + callers + ", worker=" + workers + ", watch=" + watchs);
  }

  private static void repeat(BooleanSupplier call, int times) {
    for (int i = 0; i < times; i++) {
      assertTrue(call.getAsBoolean());
    }
  }

  /** The youngest of its name: other tests' may not have ended yet. */
  private long watchThread() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().equals("efi-rts-watch"))
        .mapToLong(ThreadInfo::getThreadId)
        .max()
        .orElseThrow();
  }
}
