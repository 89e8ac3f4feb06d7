// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.Step;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.firmware.store.NvImageException;
import io.efirts.pstore.report.PanicReport;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.Patience;
import io.efirts.testkit.step.MadeStep;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepStop;
import io.efirts.testkit.step.StorageStep;
import io.efirts.testkit.step.StorageStop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-18: a thread is stopped in any step of gate, call, dump, lane or store, and another one panics:
 * it ends in bounded time, writes everything where firmware is whole or has a crash entry, and
 * otherwise reports all of it as dropped.
 *
 * <p>I-28: then the stopped thread goes on, and changes nothing in the store. I-17: each record is
 * there whole or not at all.
 */
@Timeout(900)
class PanicAtEveryStepTest {
  private static final int PARTS = 3;
  private static final Duration GRACE = Duration.ofMillis(1);

  /** In which order two threads of one holder make their steps, decides the operating system. */
  private static final Set<Holder> SEVERAL_THREADS =
      EnumSet.of(
          Holder.QUEUED_WRITE, Holder.WAITING_RESET, Holder.ABANDONED_CALL, Holder.RETURNED_CALL);

  /** One way in which a panic comes. */
  private record Panic(boolean crashEntry, Duration grace) {}

  private static final List<Panic> PANICS =
      List.of(
          new Panic(true, Duration.ZERO), new Panic(false, Duration.ZERO), new Panic(true, GRACE));

  /**
   * How a machine was found.
   *
   * @param whole how many records wait
   * @param torn how many will never be whole
   * @param interrupted whether somebody is inside firmware, or it is damaged; null if that is not
   *     certain
   * @param writing whether somebody is about to write bytes: into a record that was given up
   */
  private record Found(int whole, int torn, Boolean interrupted, boolean writing) {}

  @Test
  void gateCallAndLane() throws Exception {
    int points = 0;
    Set<Step> met = EnumSet.noneOf(Step.class);
    for (Holder holder : Holder.values()) {
      for (MadeStep made : dryRun(holder)) {
        met.add(made.step());
      }
      for (Occurrence<Step> where : occurrences(dryRun(holder))) {
        for (Panic panic : PANICS) {
          stopAtStep(holder, where, panic);
          points++;
        }
      }
    }
    System.out.println("panic: points of gate, call and lane=" + points);
    assertEquals(EnumSet.allOf(Step.class), met, "no step is left out");
  }

  private static List<MadeStep> dryRun(Holder holder) throws Exception {
    try (CrashMachine machine = new CrashMachine(holder, true)) {
      holder.prepare(machine);
      machine.steps.clear();
      holder.run(machine);
      holder.awaitOthers(machine);
      List<MadeStep> made = machine.steps.made();
      machine.awaitBystanders();
      return made;
    }
  }

  private static List<Occurrence<Step>> occurrences(List<MadeStep> made) {
    List<Occurrence<Step>> occurrences = new ArrayList<>();
    int[] numbers = new int[Step.values().length];
    for (MadeStep one : made) {
      int number = ++numbers[one.step().ordinal()];
      occurrences.add(Occurrence.nth(one.step(), number));
    }
    return occurrences;
  }

  private static void stopAtStep(Holder holder, Occurrence<Step> at, Panic panic) throws Exception {
    String where = holder + " at " + at.step() + " " + at.number() + ", " + panic;
    CrashMachine machine = new CrashMachine(holder, panic.crashEntry);
    try (machine;
        StepStop stop = new StepStop(at)) {
      holder.prepare(machine);
      machine.steps.clear();
      machine.hooks.add(stop);
      CallerThread<Holder> stopped = CallerThread.start(() -> holder.ran(machine));
      awaitReached(stop::reached, where);
      int torn = at.step() == Step.LANE_CLAIMED ? 1 : 0;
      Boolean interrupted =
          SEVERAL_THREADS.contains(holder) ? null : isInterrupted(machine.steps.made(), at.step());
      Found found = new Found(machine.pstore.deferred() - torn, torn, interrupted, false);
      panic(machine, found, panic, where, stop, stopped);
    }
  }

  /** Whether somebody is inside the firmware, or was when it was given up on or faulted. */
  private static boolean isInterrupted(List<MadeStep> made, Step last) {
    boolean inside = false;
    boolean damaged = false;
    List<Step> steps = new ArrayList<>(made.stream().map(MadeStep::step).toList());
    steps.add(last);
    for (Step step : steps) {
      switch (step) {
        case GATE_ENTERED -> inside = true;
        case GATE_EXITED, GATE_RELEASED -> inside = false;
        case GATE_DAMAGED, GATE_WEDGED -> damaged = true;
        default -> {}
      }
    }
    return inside || damaged;
  }

  @Test
  void store() throws Exception {
    int points = 0;
    for (Holder holder :
        EnumSet.of(
            Holder.QUEUED_WRITE, Holder.DIRECT_WRITE, Holder.DRAIN, Holder.DUMP, Holder.RESET)) {
      for (StorageStep step : StorageStep.values()) {
        int number = 1;
        while (stopAtStorageStep(holder, Occurrence.nth(step, number), true)
            && stopAtStorageStep(holder, Occurrence.nth(step, number), false)) {
          number++;
        }
        points += 2 * (number - 1);
      }
    }
    System.out.println("panic: points of the store=" + points);
    assertTrue(points > 100, "the holder must be stopped in each of its steps: points=" + points);
  }

  /** False if the holder ended before it came to that step. */
  private static boolean stopAtStorageStep(
      Holder holder, Occurrence<StorageStep> at, boolean crashEntry) throws Exception {
    String where = holder + " at " + at.step() + " " + at.number() + ", crashEntry=" + crashEntry;
    CrashMachine machine = new CrashMachine(holder, crashEntry);
    try (machine;
        StorageStop stop = new StorageStop(at)) {
      holder.prepare(machine);
      machine.storage.add(stop);
      CallerThread<Holder> stopped = CallerThread.start(() -> holder.ran(machine));
      if (!stops(stop::reached, stopped)) {
        stopped.result();
        return false;
      }
      Found found =
          new Found(machine.pstore.deferred(), 0, true, at.step() == StorageStep.BEFORE_WRITE);
      panic(machine, found, new Panic(crashEntry, Duration.ZERO), where, stop, stopped);
      return true;
    }
  }

  /** Another thread than the caller's may be the one to be stopped, after that one's end too. */
  private static void awaitReached(BooleanSupplier reached, String where) {
    long start = System.nanoTime();
    while (!reached.getAsBoolean()) {
      assertTrue(
          System.nanoTime() - start < Patience.LIMIT.toNanos(), () -> where + " must be reached");
      Thread.onSpinWait();
    }
  }

  private static boolean stops(BooleanSupplier reached, CallerThread<?> caller) {
    while (!reached.getAsBoolean() && caller.thread().isAlive()) {
      Thread.onSpinWait();
    }
    return reached.getAsBoolean();
  }

  /** Panics beside a thread that is stopped, lets that one go on, and looks at what is left. */
  private static void panic(
      CrashMachine machine,
      Found found,
      Panic panic,
      String where,
      AutoCloseable stop,
      CallerThread<Holder> stopped)
      throws Exception {
    boolean closed = machine.dispatcher.mode() == DispatcherMode.CLOSED;
    PanicReport report = CallerThread.start(() -> machine.pstore.panic(panic.grace)).result();
    boolean writes = !report.firmwareWasInterrupted() || panic.crashEntry;
    if (report.tookOver()) {
      checkReport(report, found, writes, where);
    }
    byte[] image = machine.image();
    String content = StoreContent.of(image).toString();
    stop.close();
    stopped.result();
    machine.awaitBystanders();
    if (report.tookOver() && writes) {
      assertEquals(content, StoreContent.of(machine.image()).toString(), where);
      if (!found.writing) {
        assertArrayEquals(image, machine.image(), where + ": a fenced thread has changed a byte");
      }
    }
    boolean otherPanic = stopped.result() == Holder.PANIC;
    assertEquals(!otherPanic && !closed, report.tookOver(), where);
    machine.close();
    machine.told.checkAccounts(machine.pstore, where);
    checkContent(machine, report, otherPanic, writes, where);
  }

  private static void checkReport(PanicReport report, Found found, boolean writes, String where) {
    if (found.interrupted != null) {
      assertEquals(found.interrupted, report.firmwareWasInterrupted(), where);
    }
    assertEquals(PARTS, report.parts(), where);
    assertEquals(writes ? PARTS : 0, report.partsWritten(), where);
    assertEquals(writes ? found.whole : 0, report.deferredWritten(), where);
    int dropped = found.torn + (writes ? 0 : PARTS + found.whole);
    assertEquals(dropped, report.dropped(), where);
  }

  private static void checkContent(
      CrashMachine machine, PanicReport report, boolean otherPanic, boolean writes, String where)
      throws NvImageException {
    StoreContent content = StoreContent.of(machine.image());
    assertEquals(Set.of("V"), content.others().keySet(), where);
    byte[] value = content.others().get("V");
    assertEquals(1, value.length, where);
    assertTrue(value[0] == CrashMachine.OLD || value[0] == CrashMachine.NEW, where);
    int dump = otherPanic ? 2 : report.dump();
    String text = content.text(dump, "Panic");
    boolean written = otherPanic || report.tookOver() && writes;
    assertEquals(written, !text.isEmpty(), where);
    assertTrue(machine.log.text().endsWith(text), where);
    assertTrue(content.areWholePartsOf(machine.log.text(), dump), where);

    long counted =
        machine.pstore.count(RecordCounter.WRITTEN)
            + machine.pstore.count(RecordCounter.WRITTEN_LATE);
    Set<Long> both = new HashSet<>(machine.told.lost());
    both.retainAll(content.records().keySet().stream().map(name -> name.id()).toList());
    // Of a write that was interrupted nobody knows what it did: it counts as dropped.
    int inDoubt = report.firmwareWasInterrupted() ? 1 : 0;
    assertTrue(both.size() <= inDoubt, () -> where + ": lost and in the store: " + both);
    assertEquals(counted + both.size(), content.records().size(), where);
    assertFalse(machine.told.lostUnnamed() != 0, where);
  }
}
