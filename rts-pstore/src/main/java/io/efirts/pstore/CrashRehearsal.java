// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.pstore.announce.Announcements;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.lane.DeferredLane;
import io.efirts.pstore.log.KmsgSlice;
import io.efirts.pstore.log.KmsgSource;
import io.efirts.pstore.panic.Panic;
import io.efirts.pstore.policy.WhenFull;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.write.BypassSink;
import io.efirts.pstore.write.DumpLock;
import io.efirts.pstore.write.DumpNumbers;
import io.efirts.pstore.write.DumpPath;
import io.efirts.pstore.write.DumpSettings;
import io.efirts.pstore.write.DumpWriter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Walks the crash path once, over firmware that answers every second call: a JVM loads and links a
 * class when it is first needed, which takes locks and memory, and with the heap exhausted fails
 * for good.
 */
final class CrashRehearsal implements Emergency {
  private static final CallResult BUSY = CallResult.refused(Outcome.BUSY, false, false);
  private static final CallResult[] ANSWERS = {
    BUSY,
    CallResult.completed(EfiStatusCode.SUCCESS),
    CallResult.refused(Outcome.STORAGE_RESERVE, false, false),
    CallResult.completed(EfiStatusCode.DEVICE_ERROR)
  };

  private final RecordCounts counts = new RecordCounts();
  private final Announcements announcements = new Announcements(List.of(), counts);
  private final DeferredLane lane;
  private int calls;

  private CrashRehearsal(int recordBytes) {
    lane = new DeferredLane(2, recordBytes, WhenFull.DROP_OLDEST, counts, null);
  }

  /** Blocks for some milliseconds in a JVM that has just started. */
  static void make(DumpSettings settings, KmsgSource source, LongSupplier wallClock) {
    CrashRehearsal rehearsal = new CrashRehearsal(settings.recordBytes());
    rehearsal.dump(settings, new MixedLog(), wallClock, DumpReason.OOPS);
    rehearsal.dump(settings, source, wallClock, DumpReason.OOPS);
    rehearsal.panic(settings, source, wallClock);
    CrashRehearsal other = new CrashRehearsal(settings.recordBytes());
    other.panic(settings, new MixedLog(), wallClock);
  }

  private void dump(
      DumpSettings settings, KmsgSource source, LongSupplier wallClock, DumpReason reason) {
    try (DumpWriter writer = new DumpWriter(settings, wallClock, counts)) {
      new DumpPath(
              new DumpLock(NanoClock.SYSTEM, null),
              InterruptControl.NONE,
              source,
              writer,
              new BypassSink(this, lane, counts, announcements::leave),
              new DumpNumbers(1),
              reason,
              counts,
              () -> {})
          .dump(reason);
    }
  }

  private void panic(DumpSettings settings, KmsgSource source, LongSupplier wallClock) {
    try (DumpWriter writer = new DumpWriter(settings, wallClock, counts)) {
      new Panic(grace -> this, source, writer, new DumpNumbers(1), lane, counts)
          .run(Duration.ZERO, ResetType.COLD);
    }
  }

  @Override
  public CallResult setVariable(
      CharSequence variableName,
      EfiGuid vendorGuid,
      int attributes,
      long dataSize,
      MemorySegment data) {
    return ANSWERS[calls++ % ANSWERS.length];
  }

  @Override
  public CallResult queryVariableInfo(
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize) {
    return BUSY;
  }

  @Override
  public boolean firmwareWasInterrupted() {
    return false;
  }

  @Override
  public boolean canCallFirmware() {
    return true;
  }

  @Override
  public CallResult resetSystem(
      ResetType resetType, EfiStatus resetStatus, MemorySegment resetData) {
    return BUSY;
  }

  @Override
  public void end() {}

  /** A log of text that can be compressed and of text that cannot, in turn. */
  private static final class MixedLog implements KmsgSource {
    private static final int SLICES = 12;
    private static final int NOISE = 0x9E3779B1;

    @Override
    public long end() {
      return SLICES;
    }

    @Override
    public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
      int length = position > 0 ? limitBytes : 0;
      int noise = (int) position | 1;
      for (int i = 0; i < length; i++) {
        noise *= NOISE;
        slice.buffer()[slice.offset() + i] = (byte) ((position & 1) == 0 ? 'x' : noise >>> 24);
      }
      slice.set(length, position - 1);
    }
  }
}
