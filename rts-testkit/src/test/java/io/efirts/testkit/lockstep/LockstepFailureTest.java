// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.testkit.CallerThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever goes wrong is told with the seed and the order, and leaves no actor behind. */
@Timeout(60)
class LockstepFailureTest {
  private static ScheduleFailure failure(long seed, LockstepScript script) {
    return assertThrows(ScheduleFailure.class, () -> Lockstep.run(seed, script));
  }

  @Test
  void nobodyCanGoOn() {
    ScheduleFailure failure =
        failure(
            7,
            scheduler -> {
              scheduler.actor("caller", () -> scheduler.awaitUntil("answer", () -> false));
              scheduler.actor("bystander", () -> {});
              scheduler.actor("firmware", () -> scheduler.awaitUntil("release", () -> false));
            });
    String message = failure.getMessage();
    assertTrue(
        message.contains("nobody can go on: [caller at \"answer\", firmware at \"release\"]"),
        message);
    assertTrue(message.contains("seed=7, turns=["), message);
    assertTrue(message.contains("bystander@start"), message);
  }

  @Test
  void anActorThrows() {
    Exception thrown = new Exception("told so");
    ScheduleFailure failure =
        failure(
            3,
            scheduler ->
                scheduler.actor(
                    "caller",
                    () -> {
                      scheduler.yield("inside");
                      throw thrown;
                    }));
    assertSame(thrown, failure.getCause());
    assertEquals(
        "schedule failed: caller threw java.lang.Exception: told so; seed=3, turns=[caller@start,"
            + " caller@inside]",
        failure.getMessage());
    assertEquals(
        List.of(new Turn("caller", "start"), new Turn("caller", "inside")),
        failure.schedule().turns());
  }

  @Test
  void anActorIsInterruptedAndNotTheTest() {
    ScheduleFailure failure =
        failure(
            3,
            scheduler ->
                scheduler.actor(
                    "caller",
                    () -> {
                      throw new InterruptedException("told so");
                    }));
    assertInstanceOf(InterruptedException.class, failure.getCause());
    assertFalse(Thread.interrupted());
  }

  @Test
  void aConditionThrows() {
    ScheduleFailure failure =
        failure(
            3,
            scheduler ->
                scheduler.actor(
                    "caller",
                    () ->
                        scheduler.awaitUntil(
                            () -> {
                              throw new ArithmeticException("told so");
                            })));
    assertInstanceOf(ArithmeticException.class, failure.getCause());
  }

  @Test
  void anInvariantIsBrokenInTheMiddle() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger turnsAfter = new AtomicInteger();
    ScheduleFailure failure =
        failure(
            1,
            scheduler -> {
              scheduler.invariant("one inside", () -> inside.get() <= 1);
              scheduler.actor(
                  "caller",
                  () -> {
                    inside.set(2);
                    scheduler.yield();
                    turnsAfter.incrementAndGet();
                    inside.set(0);
                  });
            });
    assertTrue(
        failure.getMessage().contains("invariant must hold: one inside; seed=1"),
        failure.getMessage());
    assertEquals(0, turnsAfter.get());
  }

  @Test
  void aFinalCheckFails() {
    ScheduleFailure failure =
        failure(
            1,
            scheduler -> {
              scheduler.actor("caller", () -> {});
              scheduler.atEnd(() -> assertEquals(1, 2));
            });
    assertTrue(
        failure.getMessage().contains("expected: <1> but was: <2>; seed=1, turns=[caller@start]"),
        failure.getMessage());
  }

  @Test
  void thereIsNoEnd() {
    ScheduleFailure failure =
        failure(
            1,
            scheduler ->
                scheduler.actor(
                    "caller",
                    () -> {
                      while (true) {
                        scheduler.yield("round");
                      }
                    }));
    String message = failure.getMessage();
    assertTrue(message.contains("no end after 100000 turns: [caller at \"round\"]"), message);
    assertTrue(message.contains("turns=99800 and [caller@round, "), message);
  }

  @Test
  void theOthersAreEndedEvenIfTheyContainIt() {
    List<String> ends = new ArrayList<>();
    Thread[] containing = new Thread[1];
    try (Lockstep lockstep = new Lockstep()) {
      assertThrows(
          ScheduleFailure.class,
          () ->
              lockstep.schedule(
                  1,
                  scheduler -> {
                    scheduler.actor(
                        "contains",
                        () -> {
                          containing[0] = Thread.currentThread();
                          try {
                            scheduler.yield();
                            scheduler.awaitUntil(() -> false);
                          } catch (Throwable contained) {
                            ends.add("contained");
                          }
                        });
                    scheduler.actor(
                        "cleans up",
                        () -> {
                          try {
                            scheduler.awaitUntil(() -> false);
                          } finally {
                            ends.add("cleaned up");
                            scheduler.yield();
                            ends.add("never");
                          }
                        });
                  }));
      assertEquals(List.of("contained", "cleaned up"), ends);
      // Their threads are free: one of them is the next actor.
      Set<Thread> next = new HashSet<>();
      lockstep.schedule(
          2,
          scheduler -> {
            for (String name : List.of("a", "b")) {
              scheduler.actor(
                  name,
                  () -> {
                    next.add(Thread.currentThread());
                    scheduler.awaitUntil(() -> next.size() == 2);
                  });
            }
          });
      assertTrue(next.contains(containing[0]));
    }
  }

  @Test
  void whatAnEndedActorThrowsIsTold() {
    ScheduleFailure failure =
        failure(
            1,
            scheduler ->
                scheduler.actor(
                    "caller",
                    () -> {
                      try {
                        scheduler.awaitUntil(() -> false);
                      } finally {
                        throwAnother();
                      }
                    }));
    assertEquals("another", failure.getSuppressed()[0].getMessage());
  }

  private static void throwAnother() {
    throw new IllegalStateException("another");
  }

  @Test
  void theTestIsInterruptedWhileAnActorKeepsTheBaton() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    CallerThread<Boolean> test =
        CallerThread.start(
            () -> {
              ScheduleFailure failure =
                  failure(
                      1,
                      scheduler -> {
                        scheduler.actor(
                            "keeps it",
                            () -> {
                              inside.countDown();
                              never.await();
                            });
                      });
              assertInstanceOf(InterruptedException.class, failure.getCause());
              return Thread.interrupted();
            });
    inside.await();
    test.thread().interrupt();
    assertTrue(test.result());
    never.countDown();
  }

  @Test
  void anActorThatKeepsTheBatonIsLeftBehind() throws InterruptedException {
    CountDownLatch blocking = new CountDownLatch(1);
    AtomicReference<Thread> stuck = new AtomicReference<>();
    AtomicBoolean wentOn = new AtomicBoolean();
    LockstepScript script =
        scheduler ->
            scheduler.actor(
                "blocks",
                () -> {
                  stuck.set(Thread.currentThread());
                  blocking.await();
                  scheduler.yield();
                  wentOn.set(true);
                });
    try (Lockstep lockstep = new Lockstep()) {
      ScheduleFailure failure;
      do {
        // Again, if so short a patience has ended before the actor came to where it blocks.
        failure =
            assertThrows(
                ScheduleFailure.class, () -> lockstep.schedule(1, script, Duration.ofMillis(50)));
        assertTrue(
            failure.getMessage().contains("blocks must hand back the baton within PT0.05S; seed=1"),
            failure.getMessage());
      } while (!isIn("await", failure.getCause().getStackTrace()));

      blocking.countDown();
      Schedule next =
          lockstep.schedule(
              2, scheduler -> scheduler.actor("next", () -> CallerThread.awaitParked(stuck.get())));
      assertEquals("seed=2, turns=[next@start]", next.toString());
    }
    assertFalse(wentOn.get());
  }

  private static boolean isIn(String method, StackTraceElement[] stack) {
    return Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals(method));
  }

  @Test
  void aScriptThatFailsRunsNobody() {
    boolean[] ran = new boolean[1];
    ScheduleFailure failure =
        failure(
            1,
            scheduler -> {
              scheduler.actor("caller", () -> ran[0] = true);
              throw new IllegalStateException("script");
            });
    assertEquals("script", failure.getCause().getMessage());
    assertFalse(ran[0]);
  }
}
