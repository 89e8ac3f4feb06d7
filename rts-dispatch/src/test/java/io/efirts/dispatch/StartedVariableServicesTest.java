// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.PendingCall;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.FrameArguments;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The services of variables can be started: arguments reach firmware, and results the holders, at
 * the poll that finds the call ended or before the handler is told.
 */
class StartedVariableServicesTest extends StartedServices {
  @Test
  void getVariable() throws InterruptedException {
    firmware.on(
        RuntimeService.GET_VARIABLE,
        frame -> {
          assertEquals("Boot0001", FrameArguments.name(frame, 0));
          assertEquals(GUID, FrameArguments.guid(frame, 1));
          assertEquals(5, frame.memory().getLong(frame.word(3)));
          frame.memory().putInt(frame.word(2), 7);
          frame.memory().putLong(frame.word(3), 3);
          FrameArguments.write(frame, 4, (byte) 1, (byte) 2, (byte) 3);
          return 0;
        });
    IntHolder attributes = new IntHolder();
    LongHolder size = new LongHolder();
    byte[] data = new byte[5];
    bothStyles(
        call -> {
          size.value = 5;
          return async.getVariable(
              call, "Boot0001", GUID, attributes, size, MemorySegment.ofArray(data));
        },
        () -> {
          assertEquals(7, attributes.value);
          assertEquals(3, size.value);
          assertArrayEquals(new byte[] {1, 2, 3, 0, 0}, data);
        });
  }

  @Test
  void getNextVariableName() throws InterruptedException {
    firmware.on(
        RuntimeService.GET_NEXT_VARIABLE_NAME,
        frame -> {
          frame.memory().putLong(frame.word(0), 4);
          FrameArguments.write(frame, 1, (byte) 'A', (byte) 0, (byte) 0, (byte) 0);
          frame.memory().putLong(frame.word(2), 11);
          frame.memory().putLong(frame.word(2) + 8, 12);
          return 0;
        });
    VariableNameCursor cursor = new VariableNameCursor(64);
    bothStyles(
        call -> async.getNextVariableName(call, cursor),
        () -> {
          assertEquals("A", cursor.name());
          assertEquals(new EfiGuid(11, 12), cursor.guid());
        });
  }

  @Test
  void setVariable() throws InterruptedException {
    byte[] value = {9, 8, 7};
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          assertEquals("Boot0001", FrameArguments.name(frame, 0));
          assertEquals(GUID, FrameArguments.guid(frame, 1));
          assertArrayEquals(value, FrameArguments.bytes(frame, 4, value.length));
          return 0;
        });
    bothStyles(
        call -> async.setVariable(call, "Boot0001", GUID, 7, 3, MemorySegment.ofArray(value)),
        () -> assertEquals(List.of(7L, 3L), words().subList(2, 4)));
  }

  @Test
  void queryVariableInfo() throws InterruptedException {
    firmware.on(
        RuntimeService.QUERY_VARIABLE_INFO,
        frame -> {
          for (int i = 1; i <= 3; i++) {
            frame.memory().putLong(frame.word(i), 100L * i);
          }
          return 0;
        });
    LongHolder maximum = new LongHolder();
    LongHolder remaining = new LongHolder();
    LongHolder largest = new LongHolder();
    bothStyles(
        call -> async.queryVariableInfo(call, 7, maximum, remaining, largest),
        () -> {
          assertEquals(List.of(7L), words().subList(0, 1));
          assertEquals(
              List.of(100L, 200L, 300L), List.of(maximum.value, remaining.value, largest.value));
        });
  }

  /** UEFI lets these services write nothing but what they say they did. */
  @Test
  void anErrorLeavesTheHoldersAsTheyWere() {
    firmware.on(RuntimeService.QUERY_VARIABLE_INFO, frame -> EfiStatus.INVALID_PARAMETER.raw());
    LongHolder holder = new LongHolder(77);
    PendingCall call = async.newPendingCall();
    assertTrue(async.queryVariableInfo(call, 7, holder, holder, holder));
    dispatcher.pump();
    assertEquals(EfiStatus.INVALID_PARAMETER, call.poll().status());
    assertEquals(77, holder.value);
  }
}
