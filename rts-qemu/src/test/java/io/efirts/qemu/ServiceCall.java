// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.BooleanHolder;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.VariableReader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.Counter;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A call of each service that works after ExitBootServices; the machine survives all of them. */
enum ServiceCall {
  GET_TIME,
  SET_TIME,
  GET_WAKEUP_TIME,
  SET_WAKEUP_TIME,
  SET_VARIABLE,
  GET_VARIABLE,
  GET_NEXT_VARIABLE_NAME,
  QUERY_VARIABLE_INFO,
  GET_NEXT_HIGH_MONOTONIC_COUNT,
  UPDATE_CAPSULE,
  QUERY_CAPSULE_CAPABILITIES;

  static final EfiGuid GUID = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");
  static final String NAME = "RealFirmware";

  private static final int NON_VOLATILE_AT_RUNTIME = 7;

  /** Firmware writes nothing if a variable has its value already. */
  private static final AtomicInteger WRITES = new AtomicInteger();

  /** Makes the call. */
  CallResult make(RuntimeServices services) {
    EfiTimeHolder time = new EfiTimeHolder();
    MemorySegment data = MemorySegment.ofArray(new int[] {WRITES.incrementAndGet()});
    return switch (this) {
      case GET_TIME -> services.getTime(time, null);
      case SET_TIME -> {
        CallResult now = services.getTime(time, null);
        yield now.isSuccess() ? services.setTime(time.toEfiTime()) : now;
      }
      case GET_WAKEUP_TIME ->
          services.getWakeupTime(new BooleanHolder(), new BooleanHolder(), time);
      case SET_WAKEUP_TIME -> services.setWakeupTime(false, null);
      case SET_VARIABLE ->
          services.setVariable(NAME, GUID, NON_VOLATILE_AT_RUNTIME, data.byteSize(), data);
      case GET_VARIABLE -> new VariableReader(services).read(NAME, GUID);
      case GET_NEXT_VARIABLE_NAME -> services.getNextVariableName(new VariableNameCursor(512));
      case QUERY_VARIABLE_INFO ->
          services.queryVariableInfo(
              NON_VOLATILE_AT_RUNTIME, new LongHolder(), new LongHolder(), new LongHolder());
      case GET_NEXT_HIGH_MONOTONIC_COUNT -> services.getNextHighMonotonicCount(new IntHolder());
      case UPDATE_CAPSULE -> services.updateCapsule(List.of(), 0);
      case QUERY_CAPSULE_CAPABILITIES ->
          services.queryCapsuleCapabilities(List.of(), new LongHolder(), new IntHolder());
    };
  }

  /**
   * What an instance answers to each of them, in the words of {@link CallResult}; firmware must
   * leave nothing in its context to be repaired.
   */
  static Map<ServiceCall, String> answers(FirmwareInstance instance) {
    Map<ServiceCall, String> answers = new EnumMap<>(ServiceCall.class);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).invoker().start()) {
      for (ServiceCall call : values()) {
        answers.put(call, call.make(dispatcher.runtimeServices()).toString());
      }
      assertEquals(0, dispatcher.count(Counter.CONTEXT_REPAIRS));
    }
    return answers;
  }
}
