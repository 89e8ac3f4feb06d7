// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.linearizability;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.VariableAttributes;
import io.efirts.dispatch.Dispatcher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * What callers do to a dispatcher over {@link Counters}. Queued, non-blocking and reset are the
 * three parties at the gate; a caller that leaves at its deadline, the one that makes its call and
 * a close are the three at one call.
 *
 * <p>A reset and a close are the same thread's: one that comes while the dispatcher drains is made,
 * although later calls are refused already, which no order explains.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:1")
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public abstract class CountersOperations {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final int VOLATILE =
      VariableAttributes.BOOTSERVICE_ACCESS | VariableAttributes.RUNTIME_ACCESS;
  private static final int APPEND = VOLATILE | VariableAttributes.APPEND_WRITE;
  private static final EfiStatus SUCCESS = EfiStatus.of(0);
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Dispatcher dispatcher;
  private final RuntimeServices services;
  private final RuntimeServices impatient;

  CountersOperations(Dispatcher dispatcher, Duration deadline) {
    this.dispatcher = dispatcher;
    services = dispatcher.runtimeServices();
    impatient = dispatcher.runtimeServices(deadline);
  }

  final Dispatcher dispatcher() {
    return dispatcher;
  }

  @Operation(params = {"key"})
  public Answer get(int key) {
    return get(services, key);
  }

  @Operation(params = {"key"})
  public Answer getInTime(int key) {
    return get(impatient, key);
  }

  private static Answer get(RuntimeServices services, int key) {
    MemorySegment data = MemorySegment.ofArray(new byte[Long.BYTES]);
    LongHolder dataSize = new LongHolder();
    dataSize.value = Long.BYTES;
    CallResult result =
        services.getVariable(Counters.name(key), GUID, new IntHolder(), dataSize, data);
    // No room before the deadline is a deadline too.
    return result.outcome() == Outcome.BUSY
        ? new Answer(Outcome.TIMED_OUT, 0)
        : new Answer(result.outcome(), data.get(UINT64, 0));
  }

  @Operation(params = {"key", "value"})
  public Answer set(int key, int value) {
    return answer(
        services.setVariable(Counters.name(key), GUID, VOLATILE, Long.BYTES, data(value)));
  }

  @Operation(params = {"key", "value"})
  public Answer append(int key, int value) {
    return answer(services.setVariable(Counters.name(key), GUID, APPEND, Long.BYTES, data(value)));
  }

  /** Refused if somebody is inside, and then without effect: so it may be made once more. */
  @Operation(params = {"key", "value"})
  public Answer appendAtOnce(int key, int value) {
    CallResult result =
        dispatcher
            .nonBlocking()
            .setVariable(Counters.name(key), GUID, APPEND, Long.BYTES, data(value));
    return result.outcome() == Outcome.BUSY ? append(key, value) : answer(result);
  }

  @Operation(nonParallelGroup = "end")
  public Answer reset() {
    return answer(services.resetSystem(ResetType.COLD, SUCCESS, null));
  }

  @Operation(nonParallelGroup = "end", runOnce = true)
  public void close() {
    dispatcher.close();
  }

  private static MemorySegment data(long value) {
    MemorySegment data = MemorySegment.ofArray(new byte[Long.BYTES]);
    data.set(UINT64, 0, value);
    return data;
  }

  private static Answer answer(CallResult result) {
    return new Answer(result.outcome(), 0);
  }
}
