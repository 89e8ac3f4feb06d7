// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.BooleanHolder;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What firmware answers reaches the caller, and only what UEFI says goes with the status. */
interface AnswerPromises extends DispatcherFixture {
  /** Statuses that go with no output at all, a warning and an unknown error among them. */
  List<Long> WITHOUT_OUTPUT =
      List.of(
          EfiStatusCode.NOT_FOUND, EfiStatusCode.DEVICE_ERROR, 0x7777L, Long.MIN_VALUE | 0x1234);

  @Test
  default void everyStatusComesBackAsItIs() {
    List<Long> statuses =
        List.of(0L, 1L, 0x7777L, Long.MIN_VALUE | 2, Long.MIN_VALUE | 0x1234, -1L);
    for (long status : statuses) {
      try (DispatcherUnderTest dispatcher =
          open(new ScriptedFirmware().onVendor(0x1000, frame -> status))) {
        CallResult result = dispatcher.abi().callVendor(0x1000, 0, 0, 0, 0, 0, 0, 0);
        assertEquals(status, result.status().raw());
        assertEquals(Outcome.COMPLETED, result.outcome());
        assertTrue(result.firmwareEntered());
        assertFalse(result.firmwareMayStillWrite());
      }
    }
  }

  @Test
  default void timesAreCopiedOutOnSuccessOnly() {
    EfiTime now = new EfiTime(2031, 2, 3, 4, 5, 6, 7, 480, 1);
    byte[] wire = new byte[EfiTime.SIZE_BYTES];
    now.write(MemorySegment.ofArray(wire), 0);
    long[] status = {0};
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.GET_TIME,
                frame -> {
                  FrameArguments.write(frame, 0, wire);
                  FrameArguments.write(frame, 1, new byte[] {1, 0, 0, 0, 2, 0, 0, 0, 1});
                  return status[0];
                })
            .on(
                RuntimeService.GET_WAKEUP_TIME,
                frame -> {
                  FrameArguments.write(frame, 0, (byte) 1);
                  FrameArguments.write(frame, 1, (byte) 1);
                  FrameArguments.write(frame, 2, wire);
                  return status[0];
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      EfiTimeHolder time = new EfiTimeHolder();
      EfiTimeCapabilitiesHolder capabilities = new EfiTimeCapabilitiesHolder();
      BooleanHolder enabled = new BooleanHolder();
      BooleanHolder pending = new BooleanHolder();
      for (long without : WITHOUT_OUTPUT) {
        status[0] = without;
        assertEquals(without, dispatcher.typed().getTime(time, capabilities).status().raw());
        dispatcher.typed().getWakeupTime(enabled, pending, time);
      }
      assertEquals(new EfiTimeHolder().toEfiTime(), time.toEfiTime());
      assertEquals(0, capabilities.resolution());
      assertFalse(enabled.value || pending.value);

      status[0] = 0;
      dispatcher.typed().getTime(time, capabilities);
      assertEquals(now, time.toEfiTime());
      assertEquals(2, capabilities.accuracy());
      assertTrue(capabilities.setsToZero());
      EfiTimeHolder alarm = new EfiTimeHolder();
      dispatcher.typed().getWakeupTime(enabled, pending, alarm);
      assertTrue(enabled.value && pending.value);
      assertEquals(now, alarm.toEfiTime());
    }
  }

  @Test
  default void aVariableIsCopiedOutAsItsStatusSays() {
    long[] status = {0};
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.GET_VARIABLE,
                frame -> {
                  assertEquals(4, frame.memory().getLong(frame.word(3)));
                  frame.memory().putInt(frame.word(2), 7);
                  frame.memory().putLong(frame.word(3), 3);
                  FrameArguments.write(frame, 4, (byte) 1, (byte) 2, (byte) 3);
                  return status[0];
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      IntHolder attributes = new IntHolder();
      LongHolder size = new LongHolder(4);
      byte[] value = {9, 9, 9, 9};
      MemorySegment data = MemorySegment.ofArray(value);
      for (long without : WITHOUT_OUTPUT) {
        status[0] = without;
        dispatcher.typed().getVariable("n", VENDOR, attributes, size, data);
        assertEquals(0, attributes.value);
        assertEquals(4, size.value);
      }
      status[0] = EfiStatusCode.BUFFER_TOO_SMALL;
      dispatcher.typed().getVariable("n", VENDOR, attributes, size, data);
      assertEquals(7, attributes.value);
      assertEquals(3, size.value);
      assertArrayEquals(new byte[] {9, 9, 9, 9}, value);

      status[0] = 0;
      size.value = 4;
      dispatcher.typed().getVariable("n", VENDOR, attributes, size, data);
      assertEquals(3, size.value);
      assertArrayEquals(new byte[] {1, 2, 3, 9}, value);
    }
  }

  @Test
  default void aCursorStepsOnSuccessOnly() {
    long[] status = {0};
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.GET_NEXT_VARIABLE_NAME,
                frame -> {
                  assertEquals(64, frame.memory().getLong(frame.word(0)));
                  frame.memory().putLong(frame.word(0), 6);
                  FrameArguments.write(frame, 1, new byte[] {'o', 0, 'k', 0, 0, 0});
                  frame.memory().putLong(frame.word(2), VENDOR.wireLow());
                  frame.memory().putLong(frame.word(2) + 8, VENDOR.wireHigh());
                  return status[0];
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      VariableNameCursor cursor = new VariableNameCursor(64);
      for (long without : WITHOUT_OUTPUT) {
        status[0] = without;
        dispatcher.typed().getNextVariableName(cursor);
        assertEquals(64, cursor.sizeBytes());
      }
      status[0] = EfiStatusCode.BUFFER_TOO_SMALL;
      dispatcher.typed().getNextVariableName(cursor);
      assertEquals(6, cursor.sizeBytes());
      assertEquals("", cursor.name());

      status[0] = 0;
      dispatcher.typed().getNextVariableName(cursor);
      assertEquals("ok", cursor.name());
      assertEquals(VENDOR, cursor.guid());
    }
  }

  @Test
  default void numbersAreCopiedOutOnSuccessOnly() {
    long[] status = {0};
    ScriptedFirmware firmware =
        new ScriptedFirmware()
            .on(
                RuntimeService.QUERY_VARIABLE_INFO,
                frame -> {
                  frame.memory().putLong(frame.word(1), frame.word(0) + 1);
                  frame.memory().putLong(frame.word(2), frame.word(0) + 2);
                  frame.memory().putLong(frame.word(3), frame.word(0) + 3);
                  return status[0];
                })
            .on(
                RuntimeService.CONVERT_POINTER,
                frame -> {
                  long pointer = frame.memory().getLong(frame.word(1));
                  frame.memory().putLong(frame.word(1), pointer + frame.word(0));
                  return status[0];
                })
            .on(
                RuntimeService.QUERY_CAPSULE_CAPABILITIES,
                frame -> {
                  frame.memory().putLong(frame.word(2), -5);
                  frame.memory().putInt(frame.word(3), 2);
                  return status[0];
                });
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      LongHolder maximum = new LongHolder(-1);
      LongHolder remaining = new LongHolder(-1);
      LongHolder largest = new LongHolder(-1);
      LongHolder pointer = new LongHolder(0x1000);
      LongHolder capsule = new LongHolder();
      IntHolder reset = new IntHolder();
      for (long without : WITHOUT_OUTPUT) {
        status[0] = without;
        dispatcher.typed().queryVariableInfo(7, maximum, remaining, largest);
        dispatcher.nonBlocking().queryVariableInfo(7, maximum, remaining, largest);
        dispatcher.typed().convertPointer(1, pointer);
        dispatcher.typed().queryCapsuleCapabilities(List.of(), capsule, reset);
      }
      assertEquals(-3, maximum.value + remaining.value + largest.value);
      assertEquals(0x1000, pointer.value);
      assertEquals(0, capsule.value + reset.value);

      status[0] = 0;
      dispatcher.typed().queryVariableInfo(7, maximum, remaining, largest);
      assertEquals(List.of(8L, 9L, 10L), List.of(maximum.value, remaining.value, largest.value));
      dispatcher.nonBlocking().queryVariableInfo(17, maximum, remaining, largest);
      assertEquals(List.of(18L, 19L, 20L), List.of(maximum.value, remaining.value, largest.value));
      dispatcher.typed().convertPointer(1, pointer);
      assertEquals(0x1001, pointer.value);
      dispatcher.typed().queryCapsuleCapabilities(List.of(), capsule, reset);
      assertEquals(-5, capsule.value);
      assertEquals(2, reset.value);
    }
  }
}
