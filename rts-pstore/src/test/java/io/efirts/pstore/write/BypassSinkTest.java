// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.pstore.format.CrashVariable;
import io.efirts.pstore.lane.DeferredLane;
import io.efirts.pstore.policy.WhenFull;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.RecordCounter;
import io.efirts.pstore.report.RecordLoss;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a record that is written past the queue. */
class BypassSinkTest implements NonBlockingRuntimeServices {
  private static final int BYTES = 16;
  private static final CallResult SUCCESS = CallResult.completed(EfiStatusCode.SUCCESS);
  private static final CallResult BUSY = CallResult.refused(Outcome.BUSY, false, false);
  private static final CallResult NO_SPACE = CallResult.completed(EfiStatusCode.OUT_OF_RESOURCES);
  private static final CallResult REFUSED = CallResult.completed(EfiStatusCode.DEVICE_ERROR);

  private final RecordCounts counts = new RecordCounts();
  private final List<String> announced = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private CallResult answer = SUCCESS;
  private RuntimeException thrown;
  private DeferredLane lane;
  private BypassSink sink;

  private void open(int slots, WhenFull whenFull) {
    lane = new DeferredLane(slots, BYTES, whenFull, counts, null);
    sink = new BypassSink(this, lane, counts, record -> announced.add("written " + record.part()));
    sink.begin();
  }

  private boolean take(int part, CallResult withAnswer) {
    answer = withAnswer;
    RecordBuffer record = new RecordBuffer(BYTES);
    record.set(part, 1, 2, false, part);
    return sink.take(record);
  }

  @Override
  public CallResult setVariable(
      CharSequence variableName,
      EfiGuid vendorGuid,
      int attributes,
      long dataSize,
      MemorySegment data) {
    if (thrown != null) {
      throw thrown;
    }
    assertEquals(CrashVariable.GUID, vendorGuid);
    assertEquals(CrashVariable.ATTRIBUTES, attributes);
    calls.add(variableName + " " + dataSize);
    return answer;
  }

  @Override
  public CallResult queryVariableInfo(
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize) {
    throw new AssertionError("nobody asks");
  }

  private long count(RecordCounter counter) {
    return counts.read(counter);
  }

  @Test
  void aRecordIsWrittenAndToldOf() {
    open(1, WhenFull.DROP_NEWEST);
    assertEquals(true, take(3, SUCCESS));
    assertEquals(List.of("dump-type0-3-1-2-D 3"), calls);
    assertEquals(List.of("written 3"), announced);
    assertEquals(DumpOutcome.WRITTEN, sink.outcome());
    assertEquals(1, count(RecordCounter.WRITTEN));
  }

  /** Nothing that another call may change is a reason to lose a record. */
  @ParameterizedTest
  @CsvSource({
    "BUSY, false",
    "DISABLED, false",
    "DISABLED, true",
    "FAULTED, true",
    "EMERGENCY, false",
    "CLOSED, false",
    "STORAGE_RESERVE, false",
    "WOULD_BLOCK, false"
  })
  void aRecordThatIsNotTakenNowWaits(Outcome outcome, boolean entered) {
    open(1, WhenFull.DROP_NEWEST);
    assertEquals(false, take(1, CallResult.refused(outcome, entered, false)));
    assertEquals(List.of(), announced);
    assertEquals(1, lane.ready());
    assertEquals(DumpOutcome.DEFERRED, sink.outcome());
  }

  @Test
  void aRecordThatFindsNoRoomWaits() {
    open(1, WhenFull.DROP_NEWEST);
    take(1, NO_SPACE);
    assertEquals(1, lane.ready());
    assertEquals(DumpOutcome.DEFERRED, sink.outcome());
  }

  @ParameterizedTest
  @CsvSource({"INVALID_PARAMETER", "WRITE_PROTECTED", "SECURITY_VIOLATION", "DEVICE_ERROR"})
  void aRecordThatFirmwareRefusesIsLost(String status) throws ReflectiveOperationException {
    open(1, WhenFull.DROP_NEWEST);
    long raw = EfiStatusCode.class.getField(status).getLong(null);
    take(1, CallResult.completed(raw));
    assertEquals(List.of(), announced);
    assertEquals(0, lane.occupied());
    assertEquals(DumpOutcome.LOST, sink.outcome());
    counts.losses().drain((id, why) -> assertEquals(RecordLoss.REFUSED, why));
  }

  @Test
  void whereThePlatformHasNoSetVariableItIsLost() {
    open(1, WhenFull.DROP_NEWEST);
    take(1, CallResult.refused(Outcome.UNSUPPORTED, false, false));
    assertEquals(DumpOutcome.LOST, sink.outcome());
  }

  @Test
  void aFullLaneLosesTheNewOne() {
    open(1, WhenFull.DROP_NEWEST);
    take(1, BUSY);
    assertEquals(DumpOutcome.DEFERRED, sink.outcome());
    take(2, BUSY);
    assertEquals(DumpOutcome.LOST, sink.outcome());
    assertEquals(List.of(), announced);
  }

  /** The new one waits, but one that waited before it is lost: nobody may be told otherwise. */
  @Test
  void aFullLaneThatLosesAnOldOneIsALossToo() {
    open(1, WhenFull.DROP_OLDEST);
    take(1, BUSY);
    sink.begin();
    take(2, BUSY);
    assertEquals(1, count(RecordCounter.DROPPED));
    assertEquals(DumpOutcome.LOST, sink.outcome());
  }

  @Test
  void theOutcomeIsTheWorstThatHappened() {
    open(1, WhenFull.DROP_NEWEST);
    assertEquals(DumpOutcome.SKIPPED, sink.outcome());
    take(1, SUCCESS);
    assertEquals(DumpOutcome.WRITTEN, sink.outcome());
    take(2, BUSY);
    assertEquals(DumpOutcome.DEFERRED, sink.outcome());
    take(3, REFUSED);
    assertEquals(DumpOutcome.LOST, sink.outcome());
    take(4, SUCCESS);
    assertEquals(DumpOutcome.LOST, sink.outcome());
    sink.begin();
    assertEquals(DumpOutcome.SKIPPED, sink.outcome());
    assertEquals(4, count(RecordCounter.ATTEMPTED));
  }

  @Test
  void whateverIsThrownTheRecordWaits() {
    open(1, WhenFull.DROP_NEWEST);
    thrown = new IllegalStateException("injected");
    take(1, SUCCESS);
    assertEquals(1, lane.ready());
    assertEquals(1, count(RecordCounter.FAILURES));
  }
}
