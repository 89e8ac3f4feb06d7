// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.spec.RuntimeService;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In steady state a call allocates nothing, one that is unwound and one of a crash neither. */
@Timeout(60)
class AllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int CALLS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final GuestCall call = new GuestCall();

  @Test
  void aCall() {
    call.host.lookAlways(() -> call.answer(0));
    assertAllocatesNothing(() -> assertEquals(0, call.make(RuntimeService.GET_VARIABLE)));
  }

  @Test
  void aCallOfACrash() {
    call.host.lookAlways(() -> call.answer(0));
    assertAllocatesNothing(() -> assertEquals(0, call.makeInCrash(RuntimeService.SET_VARIABLE)));
  }

  @Test
  void aCallThatIsUnwoundAtItsLimitButEndsByItself() {
    call.host.lookAlways(this::hangOrInterrupt);
    call.host.onUnwind(() -> call.guest.end("ENDING_RETURNED"));
    assertAllocatesNothing(() -> call.make(RuntimeService.GET_TIME));
  }

  private void hangOrInterrupt() {
    if (call.guest.get("REQUEST") == call.guest.get("RESPONSE")) {
      call.guest.interrupt();
    } else {
      call.guest.begin();
      call.clock.advance(GuestCall.LIMIT + 1);
    }
  }

  private void assertAllocatesNothing(Runnable work) {
    repeat(work, WARM_UP);
    long before = threads.getCurrentThreadAllocatedBytes();
    repeat(work, CALLS);
    long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;

    // The least object has 8 bytes: less than one byte per call means that no call allocated one,
    // while the runtime's own one-time allocations may pass.
    assertTrue(allocatedBytes < CALLS, () -> "allocatedBytes=" + allocatedBytes);
  }

  private static void repeat(Runnable work, int times) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }
}
