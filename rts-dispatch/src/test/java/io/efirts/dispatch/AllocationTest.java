// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In steady state a call allocates nothing, neither on its caller's thread nor on the worker. */
@Timeout(120)
class AllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int CALLS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final EfiGuid guid = new EfiGuid(1, 2);
  private final MemorySegment data = MemorySegment.ofArray(new byte[64]);
  private final IntHolder attributes = new IntHolder();
  private final LongHolder size = new LongHolder();
  private final LongHolder first = new LongHolder();
  private final LongHolder second = new LongHolder();
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
                      })
                  .on(
                      RuntimeService.QUERY_VARIABLE_INFO,
                      frame -> {
                        frame.memory().putLong(frame.word(2), 1 << 20);
                        return 0;
                      }))
          .threads(work -> worker = Thread.ofPlatform().daemon(true).unstarted(work))
          .start();
  private final RuntimeServices typed = dispatcher.runtimeServices();
  private final RuntimeServicesAbi abi = dispatcher.abi();
  private final NonBlockingRuntimeServices direct = dispatcher.nonBlocking();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  @Test
  void getTime() {
    EfiTimeHolder time = new EfiTimeHolder();
    EfiTimeCapabilitiesHolder capabilities = new EfiTimeCapabilitiesHolder();
    assertAllocatesNothing(() -> typed.getTime(time, capabilities));
  }

  @Test
  void getVariable() {
    assertAllocatesNothing(
        () -> {
          size.value = 64;
          return typed.getVariable("BootOrder", guid, attributes, size, data);
        });
  }

  @Test
  void setVariable() {
    assertAllocatesNothing(() -> typed.setVariable("BootOrder", guid, 7, 64, data));
  }

  @Test
  void queryVariableInfo() {
    assertAllocatesNothing(() -> typed.queryVariableInfo(7, size, first, second));
  }

  @Test
  void getNextVariableName() {
    VariableNameCursor cursor = new VariableNameCursor(1024);
    assertAllocatesNothing(() -> typed.getNextVariableName(cursor));
  }

  @Test
  void wordsOfAService() {
    assertAllocatesNothing(() -> abi.call(RuntimeService.SET_TIME, 1, 2, 3, 4, 5));
  }

  @Test
  void wordsOfAVendorEntry() {
    assertAllocatesNothing(() -> abi.callVendor(0xFFFF_FFFF_8000_0000L, 6, 1, 2, 3, 4, 5, 6));
  }

  @Test
  void nonBlockingSetVariable() {
    assertAllocatesNothing(() -> direct.setVariable("dump-type0", guid, 7, 64, data));
  }

  @Test
  void nonBlockingQueryVariableInfo() {
    assertAllocatesNothing(() -> direct.queryVariableInfo(7, size, first, second));
  }

  private void assertAllocatesNothing(Supplier<CallResult> call) {
    repeat(call, WARM_UP);
    long callersBefore = threads.getCurrentThreadAllocatedBytes();
    long workersBefore = threads.getThreadAllocatedBytes(worker.threadId());
    repeat(call, CALLS);
    long callers = threads.getCurrentThreadAllocatedBytes() - callersBefore;
    long workers = threads.getThreadAllocatedBytes(worker.threadId()) - workersBefore;

    // The least object has 8 bytes: less than one byte per call means that no call allocated one,
    // while the runtime's own one-time allocations may pass.
    assertTrue(
        callers < CALLS && workers < CALLS,
        () -> "bytes of the caller=" + callers + ", bytes of the worker=" + workers);
  }

  private static void repeat(Supplier<CallResult> call, int times) {
    for (int i = 0; i < times; i++) {
      assertTrue(call.get().isSuccess());
    }
  }
}
