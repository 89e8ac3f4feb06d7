// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.PhysicalAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pool lends each call to one party at a time and gets every one back. */
class CallPoolTest {
  private static final CallResult RESULT = CallResult.completed(0);

  private final CallMemory memory =
      new CallMemory(CallMemory.allocate(5 * 4096), 0x20_0000, new PhysicalAddress(0x30_0000));

  @Test
  void callsHaveWorkItemsOfTheirOwn() {
    CallPool pool = new CallPool(memory, 4096, 4096, 4);
    List<DispatchCall> taken = takeAll(pool);
    assertEquals(4, taken.size());
    for (int i = 0; i < 4; i++) {
      assertEquals(0x20_1000 + i * 4096, taken.get(i).item().firmwareAddressOf(0));
      assertEquals(0x30_1000 + i * 4096, taken.get(i).item().physicalAddressOf(0));
      assertEquals(4096, taken.get(i).item().item().byteSize());
    }
  }

  @Test
  void aPoolOfOneLendsOne() {
    CallPool pool = new CallPool(memory, 0, 4096, 1);
    DispatchCall only = pool.take();
    assertNotNull(only);
    assertNull(pool.take());
    pool.giveBack(only, 1);
    assertSame(only, pool.take());
    assertEquals(2, only.generation());
  }

  @Test
  void anAbandonedCallComesBackAfterBothLetGo() {
    CallPool pool = new CallPool(memory, 0, 4096, 1);
    DispatchCall callerFirst = abandoned(pool);
    long generation = callerFirst.generation();
    pool.giveBack(callerFirst, generation);
    assertNull(pool.take());
    pool.giveBackAbandoned(callerFirst, generation);
    DispatchCall workerFirst = abandoned(pool);
    assertSame(callerFirst, workerFirst);
    pool.giveBackAbandoned(workerFirst, generation + 1);
    assertNull(pool.take());
    pool.giveBack(workerFirst, generation + 1);
    assertSame(workerFirst, pool.take());
    assertNull(pool.take());
  }

  private static DispatchCall abandoned(CallPool pool) {
    DispatchCall call = pool.take();
    call.queue(call.generation());
    call.claim(call.generation());
    call.abandon(call.generation(), Outcome.TIMED_OUT);
    return call;
  }

  @Test
  void callsThatWereLentButNotQueuedAreNotPending() {
    CallPool pool = new CallPool(memory, 0, 4096, 3);
    DispatchCall call = pool.take();
    assertFalse(pool.anyPending());
    call.queue(1);
    assertTrue(pool.anyPending());
    call.claim(1);
    assertTrue(pool.anyPending());
    call.complete(1, RESULT);
    assertFalse(pool.anyPending());
  }

  @Test
  void aSweepCancelsWhatIsQueuedOnly() {
    CallPool pool = new CallPool(memory, 0, 4096, 3);
    DispatchCall lent = pool.take();
    DispatchCall queued = pool.take();
    DispatchCall running = pool.take();
    queued.queue(1);
    running.queue(1);
    running.claim(1);
    pool.sweep(Outcome.CLOSED);
    assertNull(lent.ended(1));
    assertEquals(CallResult.refused(Outcome.CLOSED, false, false), queued.ended(1));
    assertNull(running.ended(1));
  }

  private static List<DispatchCall> takeAll(CallPool pool) {
    List<DispatchCall> taken = new ArrayList<>();
    for (DispatchCall call = pool.take(); call != null; call = pool.take()) {
      taken.add(call);
    }
    return taken;
  }
}
