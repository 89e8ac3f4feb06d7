// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spec.EfiStatusCode;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Every edge of a call's life, and no other: exactly one party ends it (I-27). */
class DispatchCallTest {
  private static final CallResult RESULT = CallResult.completed(EfiStatusCode.NOT_FOUND);
  private static final CallResult OTHER = CallResult.completed(EfiStatusCode.SUCCESS);

  private final DispatchCall call = newCall();

  private static DispatchCall newCall() {
    return new DispatchCall(new RuntimeCall(MemorySegment.ofArray(new byte[4096]), 0x1000, 0x1000));
  }

  @Test
  void aNewCallIsIdleAndHasNeverEnded() {
    assertEquals(1, call.generation());
    assertFalse(call.pending());
    assertFalse(call.completed(1));
    assertNull(call.ended(1));
    assertRefusesEverything(1);
  }

  @Test
  void aQueuedCallIsClaimedOrCancelledOnce() {
    call.queue(1);
    assertTrue(call.pending());
    assertTrue(call.queued(1));
    assertNull(call.ended(1));
    assertFalse(call.complete(1, RESULT));
    assertFalse(call.abandon(1, Outcome.CLOSED));
    assertTrue(call.claim(1));
    assertFalse(call.claim(1));
    assertFalse(call.cancel(1, Outcome.CANCELLED));
    assertTrue(call.pending());
    assertFalse(call.queued(1));
    assertNull(call.ended(1));
  }

  @Test
  void aCancelledCallWasNeverEnteredAndTellsWhy() {
    for (Outcome why : Outcome.values()) {
      if (why != Outcome.COMPLETED) {
        DispatchCall cancelled = newCall();
        cancelled.queue(1);
        assertTrue(cancelled.cancel(1, why));
        assertEquals(CallResult.refused(why, false, false), cancelled.ended(1));
        assertFalse(cancelled.pending());
        assertFalse(cancelled.claim(1));
        assertFalse(cancelled.cancel(1, Outcome.CLOSED));
        assertEquals(why, cancelled.ended(1).outcome());
      }
    }
  }

  @Test
  void aCompletedCallKeepsItsResult() {
    run();
    assertTrue(call.complete(1, RESULT));
    assertTrue(call.completed(1));
    assertSame(RESULT, call.ended(1));
    assertFalse(call.abandon(1, Outcome.TIMED_OUT));
    assertFalse(call.cancel(1, Outcome.TIMED_OUT));
    assertFalse(call.claim(1));
    assertSame(RESULT, call.ended(1));
  }

  @Test
  void anAbandonedCallTellsWhyAndThatFirmwareMayStillWrite() {
    for (Outcome why :
        List.of(Outcome.TIMED_OUT, Outcome.CLOSED, Outcome.DISABLED, Outcome.EMERGENCY)) {
      DispatchCall abandoned = newCall();
      abandoned.queue(1);
      abandoned.claim(1);
      assertTrue(abandoned.abandon(1, why));
      assertEquals(CallResult.refused(why, true, true), abandoned.ended(1));
      assertFalse(abandoned.pending());
      assertFalse(abandoned.abandon(1, Outcome.CLOSED));
      assertFalse(abandoned.complete(1, RESULT), "the late result reaches nobody (I-7)");
      assertFalse(abandoned.completed(1));
      assertEquals(why, abandoned.ended(1).outcome());
    }
  }

  @Test
  void onlyQueuedCallsAreCancelledWhateverTheirGeneration() {
    call.cancelIfQueued(Outcome.CLOSED);
    assertNull(call.ended(1));
    call.queue(1);
    call.cancelIfQueued(Outcome.CLOSED);
    assertEquals(Outcome.CLOSED, call.ended(1).outcome());
    call.handBackByCaller(1);
    call.queue(2);
    call.claim(2);
    call.cancelIfQueued(Outcome.CLOSED);
    assertNull(call.ended(2));
  }

  @Test
  void aCallerHandsBackWhatWasNotPublishedOrHasEnded() {
    assertTrue(call.handBackByCaller(1));
    assertIdle(2);
    call.queue(2);
    call.cancel(2, Outcome.INTERRUPTED);
    assertTrue(call.handBackByCaller(2));
    assertIdle(3);
    call.queue(3);
    call.claim(3);
    call.complete(3, RESULT);
    assertTrue(call.handBackByCaller(3));
    assertIdle(4);
  }

  /** What happens when an error tears a caller out of its wait. */
  @Test
  void aQueuedCallThatIsHandedBackIsWithdrawn() {
    call.queue(1);
    assertTrue(call.handBackByCaller(1));
    assertIdle(2);
    assertFalse(call.claim(1), "its slot in the ring is skipped");
  }

  @Test
  void aRunningCallThatIsHandedBackStaysWithTheWorker() {
    run();
    assertFalse(call.handBackByCaller(1));
    assertFalse(call.pending());
    assertEquals(1, call.generation());
    assertFalse(call.complete(1, RESULT));
    assertTrue(call.handBackByWorker(1));
    assertIdle(2);
  }

  /** I-8: the work item is nobody's until both have let go of it. */
  @Test
  void anAbandonedCallIsHandedBackByTheWorkerIfTheCallerLeftFirst() {
    run();
    call.abandon(1, Outcome.TIMED_OUT);
    assertFalse(call.handBackByCaller(1), "the worker still has it");
    assertFalse(call.handBackByCaller(1), "and must not lose it to a second hand back");
    assertNull(call.ended(1));
    assertFalse(call.complete(1, RESULT));
    assertTrue(call.handBackByWorker(1));
    assertIdle(2);
  }

  /** I-8, the other order. */
  @Test
  void anAbandonedCallIsHandedBackByTheCallerIfTheWorkerReturnedFirst() {
    run();
    call.abandon(1, Outcome.TIMED_OUT);
    assertFalse(call.complete(1, RESULT));
    assertFalse(call.handBackByWorker(1), "the caller has not looked yet");
    assertEquals(CallResult.refused(Outcome.TIMED_OUT, true, true), call.ended(1));
    assertTrue(call.handBackByCaller(1));
    assertIdle(2);
  }

  @Test
  void theWorkerHandsBackNothingButWhatWasAbandoned() {
    assertFalse(call.handBackByWorker(1));
    call.queue(1);
    assertFalse(call.handBackByWorker(1));
    call.claim(1);
    assertFalse(call.handBackByWorker(1));
    call.complete(1, RESULT);
    assertFalse(call.handBackByWorker(1));
    assertSame(RESULT, call.ended(1));
  }

  @Test
  void anOldGenerationIsSkippedInEveryState() {
    call.handBackByCaller(1);
    assertOldGenerationRefused();
    call.queue(2);
    assertOldGenerationRefused();
    assertTrue(call.claim(2));
    assertOldGenerationRefused();
    assertTrue(call.complete(2, OTHER));
    assertFalse(call.completed(1));
    assertTrue(call.completed(2));
    assertOldGenerationRefused();
    assertSame(OTHER, call.ended(2));
  }

  private void assertOldGenerationRefused() {
    assertFalse(call.handBackByCaller(1), "a second hand back does nothing");
    assertNull(call.ended(1));
    assertFalse(call.queued(1));
    assertFalse(call.claim(1));
    assertFalse(call.cancel(1, Outcome.CLOSED));
    assertFalse(call.abandon(1, Outcome.CLOSED));
  }

  @Test
  void aDeadlineIsOverdueOnceItHasPassed() {
    long now = Long.MAX_VALUE - 5;
    assertFalse(call.overdue(now));
    call.lendTo(true, now + Long.MAX_VALUE, null);
    assertFalse(call.overdue(now), "the longest deadline does not wrap into the past");
    call.lendTo(true, now + 10, null);
    assertFalse(call.overdue(now + 9), "the clock itself may wrap");
    assertTrue(call.overdue(now + 10));
    call.lendTo(false, now, null);
    assertFalse(call.overdue(now));
  }

  @Test
  void aCallerParksNoLongerThanUntilItsDeadline() {
    assertEquals(50, call.nanosLeft(50, 7));
    call.lendTo(true, 7 + Long.MAX_VALUE, null);
    assertEquals(50, call.nanosLeft(50, 7));
    call.lendTo(true, 30, null);
    assertEquals(23, call.nanosLeft(50, 7));
    assertEquals(-1, call.nanosLeft(50, 31));
  }

  @Test
  void aDeliveryIsClaimedOnceAndOnlyAfterTheEnd() {
    Delivery delivery = (ended, generation) -> {};
    call.lendTo(false, 0, delivery);
    assertSame(delivery, call.delivery());
    assertFalse(call.claimDelivery(1), "not published");
    call.queue(1);
    assertFalse(call.claimDelivery(1), "queued");
    assertTrue(call.claim(1));
    assertFalse(call.claimDelivery(1), "running");
    assertTrue(call.abandon(1, Outcome.TIMED_OUT));
    assertTrue(call.claimDelivery(1));
    assertFalse(call.claimDelivery(1), "delivered");
    assertFalse(call.handBackByWorker(1));
    assertTrue(call.handBackByCaller(1));
    assertNull(call.delivery());
    call.queue(2);
    assertTrue(call.cancel(2, Outcome.CLOSED));
    assertFalse(call.claimDelivery(1), "another generation");
    assertTrue(call.claimDelivery(2));
  }

  @Test
  void generationsNeedMoreThan32Bits() {
    long generation = (1L << 40) + 5;
    assertEquals(generation, CallState.generation(CallState.word(generation, CallState.RETURNED)));
    long word = CallState.word(generation, CallState.ABANDONED, Outcome.CLOSED);
    assertEquals(generation, CallState.generation(word));
    assertEquals(CallState.ABANDONED, CallState.state(word));
    assertEquals(Outcome.CLOSED, CallState.outcome(word));
  }

  private void run() {
    call.queue(1);
    assertTrue(call.claim(1));
  }

  private void assertIdle(long generation) {
    assertEquals(generation, call.generation());
    assertFalse(call.pending());
    assertNull(call.ended(generation));
    assertFalse(call.completed(generation));
  }

  private void assertRefusesEverything(long generation) {
    List<Predicate<DispatchCall>> edges =
        List.of(
            idle -> idle.claim(generation),
            idle -> idle.cancel(generation, Outcome.CANCELLED),
            idle -> idle.abandon(generation, Outcome.CLOSED),
            idle -> idle.complete(generation, RESULT),
            idle -> idle.handBackByWorker(generation),
            idle -> idle.queued(generation));
    edges.forEach(edge -> assertFalse(edge.test(call)));
    assertFalse(call.pending());
  }
}
