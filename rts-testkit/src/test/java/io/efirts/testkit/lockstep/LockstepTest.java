// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.Step;
import io.efirts.api.spi.StepHook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Actors run one at a time in an order that the seed decides and nothing else. */
@Timeout(60)
class LockstepTest {
  /** Three actors that write a letter each turn. */
  private static String letters(long seed) {
    StringBuilder written = new StringBuilder();
    Lockstep.run(
        seed,
        scheduler -> {
          for (String letter : List.of("a", "b", "c")) {
            scheduler.actor(
                letter,
                () -> {
                  for (int i = 0; i < 5; i++) {
                    written.append(letter);
                    scheduler.yield();
                  }
                });
          }
        });
    return written.toString();
  }

  @Test
  void theSameSeedGivesTheSameOrder() {
    Set<String> orders = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      String order = letters(seed);
      assertEquals(15, order.length());
      assertEquals(order, letters(seed));
      orders.add(order);
    }
    assertTrue(orders.size() > 40, () -> "seeds must differ: " + orders);
  }

  @Test
  void everyInterleavingOfTwoActorsIsMet() {
    Set<String> orders = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      StringBuilder order = new StringBuilder();
      Lockstep.run(
          seed,
          scheduler -> {
            for (String name : List.of("a", "b")) {
              scheduler.actor(
                  name,
                  () -> {
                    order.append(name);
                    scheduler.yield();
                    order.append(name);
                  });
            }
          });
      orders.add(order.toString());
    }
    assertEquals(Set.of("aabb", "abab", "abba", "baab", "baba", "bbaa"), orders);
  }

  @Test
  void theScheduleSaysWhoWentOnFromWhere() {
    Schedule schedule =
        Lockstep.run(
            9,
            scheduler ->
                scheduler.actor(
                    "caller",
                    () -> {
                      scheduler.yield("queued");
                      scheduler.yield();
                    }));
    assertEquals(
        List.of(new Turn("caller", "start"), new Turn("caller", "queued"), new Turn("caller", "")),
        schedule.turns());
    assertEquals("seed=9, turns=[caller@start, caller@queued, caller]", schedule.toString());
  }

  @Test
  void anActorWaitsForItsCondition() {
    Lockstep.runAll(
        0,
        50,
        scheduler -> {
          AtomicBoolean released = new AtomicBoolean();
          List<String> order = new ArrayList<>();
          scheduler.actor(
              "hung",
              () -> {
                scheduler.awaitUntil("released", released::get);
                order.add("hung");
              });
          scheduler.actor(
              "releaser",
              () -> {
                scheduler.yield();
                order.add("releaser");
                released.set(true);
              });
          scheduler.atEnd(() -> assertEquals(List.of("releaser", "hung"), order));
        });
  }

  @Test
  void anActorCanBringAnother() {
    AtomicInteger ran = new AtomicInteger();
    Lockstep.run(
        1,
        scheduler ->
            scheduler.actor("first", () -> scheduler.actor("second", () -> ran.addAndGet(2))));
    assertEquals(2, ran.get());
  }

  @Test
  void choicesFollowTheSeed() {
    List<Integer> first = choices(3);
    assertEquals(first, choices(3));
    assertNotEquals(first, choices(4));
    assertTrue(first.stream().allMatch(choice -> choice >= 0 && choice < 1000));
  }

  private static List<Integer> choices(long seed) {
    List<Integer> made = new ArrayList<>();
    Lockstep.run(
        seed,
        scheduler -> {
          made.add(scheduler.choose(1000));
          scheduler.actor("chooser", () -> made.add(scheduler.choose(1000)));
        });
    return made;
  }

  @Test
  void stepsOfActorsAreYields() {
    AtomicInteger steps = new AtomicInteger();
    Schedule schedule =
        Lockstep.run(
            1,
            scheduler -> {
              StepHook hook = scheduler.yieldAtSteps();
              hook.made(Step.MODE_CHANGED);
              scheduler.actor(
                  "worker",
                  () -> {
                    hook.made(Step.GATE_HELD);
                    steps.incrementAndGet();
                  });
            });
    assertEquals("seed=1, turns=[worker@start, worker@GATE_HELD]", schedule.toString());
    assertEquals(1, steps.get());
  }

  @Test
  void threadsAreActorsAgainWithNothingLeftOver() {
    List<Thread> threads = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try (Lockstep lockstep = new Lockstep()) {
      for (String name : List.of("first", "second")) {
        lockstep.schedule(
            1,
            scheduler ->
                scheduler.actor(
                    name,
                    () -> {
                      Thread self = Thread.currentThread();
                      threads.add(self);
                      names.add(self.getName());
                      assertFalse(self.isInterrupted());
                      // A permit that was left over would end this before its time.
                      long before = System.nanoTime();
                      LockSupport.parkNanos(1_000_000);
                      assertTrue(System.nanoTime() - before >= 1_000_000);
                      LockSupport.unpark(self);
                      self.interrupt();
                    }));
      }
    }
    assertEquals(threads.get(0), threads.get(1));
    assertEquals(List.of("first", "second"), names);
    assertNotSame(Thread.currentThread(), threads.get(0));
  }

  /** So that thousands of schedules are cheap enough to be part of every build. */
  @Test
  void manySchedulesNeedNoMoreThreadsThanOne() {
    Set<Thread> threads = new HashSet<>();
    Lockstep.runAll(
        1,
        1_000,
        scheduler -> {
          for (String name : List.of("a", "b", "c")) {
            scheduler.actor(
                name,
                () -> {
                  threads.add(Thread.currentThread());
                  scheduler.yield();
                });
          }
        });
    assertEquals(3, threads.size());
  }

  @Test
  void anInterruptionIsSeenAtOnceAndKept() {
    Lockstep.runAll(
        0,
        20,
        scheduler -> {
          Thread[] sleeper = new Thread[1];
          scheduler.actor(
              "sleeper",
              () -> {
                sleeper[0] = Thread.currentThread();
                scheduler.awaitUntil("interrupted", sleeper[0]::isInterrupted);
                scheduler.yield();
                assertTrue(Thread.interrupted());
                scheduler.yield();
                assertFalse(Thread.interrupted());
              });
          scheduler.actor(
              "waker",
              () -> {
                scheduler.awaitUntil("sleeping", () -> sleeper[0] != null);
                sleeper[0].interrupt();
                assertTrue(sleeper[0].isInterrupted());
              });
        });
  }

  @Test
  void standingStillUsesUpNoPermit() {
    Lockstep.runAll(
        0,
        20,
        scheduler -> {
          Thread[] sleeper = new Thread[1];
          scheduler.actor(
              "sleeper",
              () -> {
                sleeper[0] = Thread.currentThread();
                scheduler.awaitUntil("unparked", () -> sleeper[0] == null);
                scheduler.yield();
                // Never returns if the permit was used up while this thread stood still.
                LockSupport.park();
              });
          scheduler.actor(
              "waker",
              () -> {
                scheduler.awaitUntil("sleeping", () -> sleeper[0] != null);
                LockSupport.unpark(sleeper[0]);
                sleeper[0] = null;
              });
        });
  }

  @Test
  void onlyTheActorWhoseTurnItIsYields() {
    ScheduleFailure failure =
        assertThrows(ScheduleFailure.class, () -> Lockstep.run(5, LockstepScheduler::yield));
    assertEquals(IllegalStateException.class, failure.getCause().getClass());
    assertEquals(
        "only the actor whose turn it is can yield: thread=" + Thread.currentThread().getName(),
        failure.getCause().getMessage());
  }

  /** What happens at a standstill lets actors go on; only when it gives up is there none. */
  @Test
  void timePassesWhenNobodyCanGoOn() {
    AtomicInteger time = new AtomicInteger();
    Lockstep.run(
        1,
        scheduler -> {
          scheduler.actor("early", () -> scheduler.awaitUntil("one", () -> time.get() >= 1));
          scheduler.actor("late", () -> scheduler.awaitUntil("three", () -> time.get() >= 3));
          scheduler.atStandstill(() -> time.incrementAndGet() <= 3);
        });
    assertEquals(3, time.get());
    assertThrows(
        ScheduleFailure.class,
        () ->
            Lockstep.run(
                1,
                scheduler -> {
                  scheduler.actor("never", () -> scheduler.awaitUntil("never", () -> false));
                  scheduler.atStandstill(() -> time.incrementAndGet() <= 9);
                }));
    assertEquals(10, time.get());
  }
}
