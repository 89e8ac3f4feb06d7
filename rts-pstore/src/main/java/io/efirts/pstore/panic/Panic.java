// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.panic;

import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.lane.DeferredLane;
import io.efirts.pstore.lane.LaneTake;
import io.efirts.pstore.log.KmsgSource;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.PanicReport;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import io.efirts.pstore.write.DumpNumbers;
import io.efirts.pstore.write.DumpWriter;
import io.efirts.pstore.write.EmergencySink;
import java.time.Duration;

/**
 * A panic, from taking the firmware over to the reset. There is one for each store of records,
 * since only one panic wins.
 *
 * <p>The dump comes first, so that records which waited cannot take its space. It has a writer of
 * its own: whoever was composing another dump may be stopped for good.
 *
 * <p>Any platform thread, in any state. Nothing allocates, locks, logs, wakes or calls back, but
 * for the embedder's log source and reset fallbacks. Ends after a bounded number of firmware calls.
 */
public final class Panic {
  private static final EfiStatus RESET_STATUS = EfiStatus.ABORTED;

  private final TakeOver takeOver;
  private final KmsgSource source;
  private final DumpWriter writer;
  private final DumpNumbers numbers;
  private final DeferredLane lane;
  private final RecordCounts counts;
  private final EmergencySink sink;
  private final LaneTake take = new LaneTake();
  private final Report report = new Report();

  /** What others than the first are given. */
  private final Report tooLate = new Report();

  /** How the firmware is taken over. */
  @FunctionalInterface
  public interface TakeOver {
    /**
     * Begins an emergency.
     *
     * @param grace how long to wait for a call that is inside
     * @return the firmware, or null if another thread has it or it is closed
     */
    Emergency begin(Duration grace);
  }

  /**
   * A panic that has not come.
   *
   * @param takeOver takes the firmware over
   * @param source the log
   * @param writer used by nobody else
   * @param numbers numbers the dumps
   * @param lane records that waited
   * @param counts counts the records
   */
  public Panic(
      TakeOver takeOver,
      KmsgSource source,
      DumpWriter writer,
      DumpNumbers numbers,
      DeferredLane lane,
      RecordCounts counts) {
    this.takeOver = takeOver;
    this.source = source;
    this.writer = writer;
    this.numbers = numbers;
    this.lane = lane;
    this.counts = counts;
    sink = new EmergencySink(counts);
  }

  /**
   * Panics.
   *
   * @param grace how long to wait for a call that is inside the firmware
   * @param reset the reset to make at the end, or null to return without one
   * @return how it went; of a panic that came too late, that it did
   * @throws IllegalArgumentException if the grace period is negative
   */
  public PanicReport run(Duration grace, ResetType reset) {
    Emergency emergency = takeOver.begin(grace);
    if (emergency == null) {
      return tooLate;
    }
    long droppedBefore = counts.read(RecordCounter.DROPPED);
    report.tookOver = true;
    report.interrupted = emergency.firmwareWasInterrupted();
    sink.open(emergency);
    report.dump = numbers.next();
    report.partsWritten = writer.write(DumpReason.PANIC, report.dump, source, sink);
    report.parts = sink.taken();
    flushLane();
    report.dropped = (int) (counts.read(RecordCounter.DROPPED) - droppedBefore);
    if (reset != null) {
      emergency.resetSystem(reset, RESET_STATUS, null);
    }
    emergency.end();
    return report;
  }

  private void flushLane() {
    // As many as there are slots: others may go on putting records in until the seal.
    for (int i = lane.size(); i > 0 && lane.seizeOldest(take); i--) {
      flushTaken();
    }
    lane.seal();
    // What came in meanwhile.
    for (int i = lane.size(); i > 0 && lane.seizeOldest(take); i--) {
      flushTaken();
    }
    lane.giveUp(RecordLoss.CLOSED);
  }

  private void flushTaken() {
    if (!sink.write(take.record())) {
      lane.drop(take, sink.lastLoss());
    } else if (lane.written(take)) {
      report.deferredWritten++;
    }
  }

  /** Written by the panicking thread. */
  private static final class Report implements PanicReport {
    private boolean tookOver;
    private boolean interrupted;
    private int dump;
    private int parts;
    private int partsWritten;
    private int deferredWritten;
    private int dropped;

    @Override
    public boolean tookOver() {
      return tookOver;
    }

    @Override
    public boolean firmwareWasInterrupted() {
      return interrupted;
    }

    @Override
    public int dump() {
      return dump;
    }

    @Override
    public int parts() {
      return parts;
    }

    @Override
    public int partsWritten() {
      return partsWritten;
    }

    @Override
    public int deferredWritten() {
      return deferredWritten;
    }

    @Override
    public int dropped() {
      return dropped;
    }

    @Override
    public String toString() {
      return tookOver
          ? "panic: dump="
              + dump
              + ", parts="
              + parts
              + ", partsWritten="
              + partsWritten
              + ", deferredWritten="
              + deferredWritten
              + ", dropped="
              + dropped
              + ", firmwareWasInterrupted="
              + interrupted
          : "panic: another one came first";
    }
  }
}
