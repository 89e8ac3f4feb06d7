// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spi.NanoClock;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.format.RecordName;
import io.efirts.pstore.log.KmsgSlice;
import io.efirts.pstore.log.KmsgSource;
import io.efirts.pstore.policy.WhenFull;
import io.efirts.pstore.report.RecordAnnouncement;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Some deeds in an order that a seed decides, on one thread. In the steps of each, inside the
 * firmware and inside the log's source others may come, as interrupts would.
 */
final class CrashSchedule implements KmsgSource, RecordFirmware.Decision {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final int MOST_DEEP = 3;
  private static final int MOST_NESTED = 12;
  private static final Duration SHORT = Duration.ofMillis(2);

  private final SplittableRandom random;
  private final RecordFirmware firmware;
  private final Dispatcher dispatcher;
  private final Pstore pstore;
  private final RecordedRecords told = new RecordedRecords();
  private final int mishaps;
  private final int nesting;
  private final List<String> made = new ArrayList<>();
  private boolean started;
  private int depth;
  private int nested;
  private boolean canWait = true;
  private boolean pumping;
  private long nanos;

  /** Whether a write may have been counted before its answer was known. */
  private boolean inDoubt;

  private boolean panicked;

  /** What a thread, or an interrupt, does. */
  private enum Deed {
    DUMP,
    PRESSING_DUMP,
    WRITE,
    PANIC,
    /** From here on those that wait. */
    PUMP,
    FLUSH,
    RESET,
    CLOSE
  }

  private static final Deed[] DEEDS = Deed.values();

  CrashSchedule(long seed) {
    random = new SplittableRandom(seed);
    mishaps = random.nextInt(4);
    nesting = random.nextInt(4);
    firmware = new RecordFirmware(this, random.nextBoolean());
    dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(2)
            .bufferBytes(4096)
            .storageReserve(0)
            .resetWait(Duration.ZERO)
            .clock(clock())
            .stepHook(this::made)
            .invoker()
            .start();
    pstore =
        Pstore.builder(dispatcher)
            .log(this)
            .compress(random.nextInt(8) == 0)
            .kmsgBytes(1 + random.nextInt(3000))
            .deferredRecords(1 + random.nextInt(4))
            .whenFull(random.nextBoolean() ? WhenFull.DROP_NEWEST : WhenFull.DROP_OLDEST)
            .flushWait(SHORT)
            .closeWait(SHORT)
            .listener(told)
            .stepHook(this::made)
            .invoker()
            .start();
  }

  /** Time passes only while somebody waits. */
  private NanoClock clock() {
    return new NanoClock() {
      @Override
      public long nanoTime() {
        return nanos;
      }

      @Override
      public void parkNanos(Object blocker, long time) {
        nanos += time;
      }
    };
  }

  /** Makes the deeds and looks at the accounts after each. */
  void run() {
    started = true;
    for (int i = 2 + random.nextInt(6); i > 0; i--) {
      make(choose(DEEDS.length));
      checkBalance();
    }
    pstore.close();
    dispatcher.close();
    // What was lost while something closed around it.
    pstore.pump();
    checkEnd();
  }

  /** What ends everything comes less often. */
  private Deed choose(int deeds) {
    Deed deed = DEEDS[random.nextInt(deeds)];
    boolean last = deed == Deed.PANIC || deed == Deed.CLOSE;
    return last ? DEEDS[random.nextInt(deeds)] : deed;
  }

  private void make(Deed deed) {
    made.add("  ".repeat(depth) + deed);
    switch (deed) {
      case DUMP -> pstore.dump(DumpReason.OOPS);
      case PRESSING_DUMP -> pstore.dump(DumpReason.PANIC);
      case WRITE -> dispatcher.nonBlocking().setVariable("V", GUID, 7, 0, null);
      case PANIC -> {
        inDoubt |= depth > 0;
        panicked = true;
        pstore.panic(Duration.ZERO, random.nextBoolean() ? ResetType.COLD : ResetType.WARM);
      }
      case PUMP -> pump();
      case FLUSH -> pstore.flush(random.nextBoolean() ? SHORT : Duration.ZERO);
      case RESET ->
          dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
      case CLOSE -> {
        inDoubt |= depth > 0;
        pstore.close();
      }
    }
  }

  /** One at a time, as it is documented. */
  private void pump() {
    if (!pumping) {
      pumping = true;
      pstore.pump();
      pumping = false;
    }
  }

  private void made(Step step) {
    // Whoever has the gate, or is about to, has interrupts off: nobody waits on top of it.
    made.add("  ".repeat(depth) + step);
    boolean mayWait = !step.name().startsWith("GATE") && step != Step.MODE_CHANGED;
    interrupt(8, mayWait);
  }

  private void interrupt(int rarity, boolean mayWait) {
    if (!started
        || nesting == 0
        || depth == MOST_DEEP
        || nested == MOST_NESTED
        || random.nextInt(rarity * nesting) != 0) {
      return;
    }
    boolean couldWait = canWait;
    canWait &= mayWait;
    depth++;
    nested++;
    try {
      make(choose(canWait ? DEEDS.length : Deed.PUMP.ordinal()));
    } finally {
      depth--;
      canWait = couldWait;
    }
  }

  @Override
  public RecordFirmware.Answer answer() {
    interrupt(4, true);
    if (random.nextInt(10) >= 3 * mishaps) {
      return RecordFirmware.Answer.STORED;
    }
    RecordFirmware.Answer[] answers = RecordFirmware.Answer.values();
    int rarely = random.nextInt(8) == 0 ? answers.length : 3;
    RecordFirmware.Answer answer = answers[random.nextInt(rarely)];
    made.add("  ".repeat(depth) + answer);
    inDoubt |= answer == RecordFirmware.Answer.FAULT_AFTER;
    return answer;
  }

  @Override
  public void stored() {
    interrupt(8, true);
  }

  @Override
  public long end() {
    return 4000;
  }

  @Override
  public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
    interrupt(16, true);
    int length = (int) Math.min(limitBytes, position);
    slice.buffer()[slice.offset()] = (byte) position;
    slice.set(length, position - length);
  }

  /** Outside of every deed, what was attempted is accounted for. */
  private void checkBalance() {
    assertEquals(
        pstore.count(RecordCounter.ATTEMPTED),
        counted() + pstore.count(RecordCounter.DROPPED) + pstore.deferred());
  }

  private long counted() {
    return pstore.count(RecordCounter.WRITTEN) + pstore.count(RecordCounter.WRITTEN_LATE);
  }

  private void checkEnd() {
    told.checkAccounts(pstore, "at the end");
    assertEquals(0, told.lostUnnamed(), "the log of losses is large enough for these");
    Set<Long> stored = new HashSet<>();
    for (String name : firmware.variables().keySet()) {
      RecordName record = RecordName.parse(name);
      if (record != null) {
        assertTrue(stored.add(record.id()), name);
      }
    }
    Set<Long> both = new HashSet<>(told.lost());
    both.retainAll(stored);
    assertTrue(inDoubt || both.isEmpty(), () -> "lost and in the store: " + both);
    assertEquals(counted() + both.size(), stored.size(), "what counts as written is in the store");
    List<Long> announced = told.written().stream().map(RecordAnnouncement::id).toList();
    assertTrue(stored.containsAll(announced), "what is told to be written is in the store");
    assertTrue(
        panicked || new HashSet<>(announced).size() == announced.size(), "each is told once");
  }

  /** What became of the records, for a summary of many schedules. */
  long count(RecordCounter counter) {
    return pstore.count(counter);
  }

  /** Why records were lost. */
  List<RecordLoss> losses() {
    return told.losses();
  }

  /** What was done, each deed indented by how many it came on top of. */
  @Override
  public String toString() {
    return String.join("\n", made);
  }
}
