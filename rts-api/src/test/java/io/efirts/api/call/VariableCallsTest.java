// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The variable services' arguments in the item, and what comes out of it whatever firmware did. */
class VariableCallsTest {
  private static final EfiGuid GUID = EfiGuid.of("8be4df61-93ca-11d2-aa0d-00e098032b8c");
  private static final CallResult SUCCESS = CallResult.completed(EfiStatusCode.SUCCESS);
  private static final CallResult TOO_SMALL = CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);

  private final RuntimeCall call = Items.ofBytes(0x200);

  @Test
  void setVariableLaysOutNameGuidAndValue() {
    VariableCalls.packSetVariable(call, "Lö", GUID, -1, 3, Items.bytes(1, 2, 3, 4));
    assertEquals(RuntimeService.SET_VARIABLE, call.service());
    assertEquals("4c00f6000000", Items.hex(call, 0x100, 6));
    assertEquals("61dfe48bca93d211aa0d00e098032b8c", Items.hex(call, call.cellOffset(1), 16));
    assertEquals("01020300", Items.hex(call, 0x110, 4), "no more than dataSize");
    CallFrame frame = Items.unpack(call);
    assertEquals(Items.FIRMWARE_ADDRESS + 0x100, frame.word(0));
    assertEquals(Items.FIRMWARE_ADDRESS + 0x70, frame.word(1));
    assertEquals(0xFFFF_FFFFL, frame.word(2));
    assertEquals(3, frame.word(3));
    assertEquals(Items.FIRMWARE_ADDRESS + 0x110, frame.word(4));
  }

  @Test
  void aNullValueIsPassedOnWithItsSize() {
    VariableCalls.packSetVariable(call, "", GUID, 7, 10, null);
    assertEquals("0000", Items.hex(call, 0x100, 2));
    assertEquals(10, Items.unpack(call).word(3));
    assertEquals(0, Items.unpack(call).word(4));
  }

  @Test
  void nameAndValueShareTheBuffer() {
    // 127 units and a NUL fill all 256 bytes.
    VariableCalls.packSetVariable(call, "n".repeat(127), GUID, 7, 0, Items.bytes());
    assertFull(
        256 + 2, 256, () -> VariableCalls.packSetVariable(call, "n".repeat(128), GUID, 7, 0, null));
    MemorySegment data = MemorySegment.ofArray(new byte[300]);
    VariableCalls.packSetVariable(call, "n".repeat(7), GUID, 7, 240, data);
    assertFull(241, 240, () -> VariableCalls.packSetVariable(call, "n", GUID, 7, 241, data));
  }

  private static void assertFull(long length, long remaining, Runnable misuse) {
    assertEquals(
        "argument must fit the work item's buffer: lengthBytes="
            + length
            + ", remaining="
            + remaining,
        assertThrows(IllegalArgumentException.class, misuse::run).getMessage());
  }

  @Test
  void getVariableOffersNoMoreThanTheItemHolds() {
    MemorySegment data = MemorySegment.ofArray(new byte[1000]);
    VariableCalls.packGetVariable(call, "n", GUID, true, 1000, data);
    assertEquals(240, call.item().get(Items.LONG, call.cellOffset(3)));
    VariableCalls.packGetVariable(call, "n", GUID, true, 240, data);
    assertEquals(240, call.item().get(Items.LONG, call.cellOffset(3)));
    VariableCalls.packGetVariable(call, "n", GUID, false, 1000, null);
    assertEquals(1000, call.item().get(Items.LONG, call.cellOffset(3)), "nothing is offered");
    assertEquals(0, Items.unpack(call).word(2));
    assertEquals(0, Items.unpack(call).word(4));
  }

  /** Firmware may claim any size: the caller gets what fits, and nothing beyond it. */
  @Property
  void aLyingSizeCopiesNoMoreThanFits(@ForAll long claimed) {
    byte[] target = new byte[300];
    MemorySegment data = MemorySegment.ofArray(target);
    LongHolder size = new LongHolder(20);
    VariableCalls.packGetVariable(call, "n", GUID, false, 20, data);
    call.item().asSlice(0x100).fill((byte) 7);
    call.item().set(Items.LONG, call.cellOffset(3), claimed);
    VariableCalls.copyOutGetVariable(call, SUCCESS, null, size, data);
    long copied = claimed < 0 ? 20 : Math.min(claimed, 20);
    for (int i = 0; i < target.length; i++) {
      assertEquals(i < copied ? 7 : 0, target[i]);
    }
    assertEquals(claimed, size.value, "the size as it was returned");
  }

  @Test
  void sizesAtTheirLimitsDoNotLeaveTheItem() {
    for (long claimed : new long[] {0, 1, 240, 241, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      MemorySegment data = MemorySegment.ofArray(new byte[1000]);
      LongHolder size = new LongHolder(1000);
      VariableCalls.packGetVariable(call, "n", GUID, false, 1000, data);
      call.item().asSlice(0x110).fill((byte) 7);
      call.item().set(Items.LONG, call.cellOffset(3), claimed);
      VariableCalls.copyOutGetVariable(call, SUCCESS, null, size, data);
      long copied = claimed < 0 ? 240 : Math.min(claimed, 240);
      assertEquals(copied * 7, sum(data));
    }
  }

  private static long sum(MemorySegment data) {
    long sum = 0;
    for (byte value : data.toArray(ValueLayout.JAVA_BYTE)) {
      sum += value;
    }
    return sum;
  }

  @Test
  void firmwareCannotMoveWhereTheValueIsReadFrom() {
    MemorySegment data = MemorySegment.ofArray(new byte[4]);
    VariableCalls.packGetVariable(call, "n", GUID, false, 4, data);
    call.item().set(Items.LONG, CallLayout.WORDS_OFFSET + 4 * 8, Items.FIRMWARE_ADDRESS);
    call.item().set(Items.LONG, call.cellOffset(3), 4);
    call.item().set(Items.INT, 0x110, 0x04030201);
    VariableCalls.copyOutGetVariable(call, SUCCESS, null, new LongHolder(4), data);
    assertArrayEquals(new byte[] {1, 2, 3, 4}, data.toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void refusalsCopyNothingOut() {
    IntHolder attributes = new IntHolder();
    LongHolder size = new LongHolder(4);
    MemorySegment data = MemorySegment.ofArray(new byte[4]);
    VariableCalls.packGetVariable(call, "n", GUID, true, 4, data);
    call.item().asSlice(CallLayout.CELLS_OFFSET).fill((byte) 7);
    for (Outcome outcome : Outcome.values()) {
      if (outcome != Outcome.COMPLETED) {
        CallResult refused = CallResult.refused(outcome, false, false);
        VariableCalls.copyOutGetVariable(call, refused, attributes, size, data);
        assertEquals(4, size.value);
        assertEquals(0, attributes.value + sum(data));
      }
    }
  }

  @Test
  void aCursorIsPackedWhole() {
    VariableNameCursor cursor = new VariableNameCursor(8);
    cursor.nameBytes().set(ValueLayout.JAVA_BYTE, 0, (byte) 'a');
    GUID.write(cursor.guidBytes(), 0);
    cursor.sizeBytes(4);
    VariableCalls.packGetNextVariableName(call, cursor);
    assertEquals(8, call.item().get(Items.LONG, call.cellOffset(0)), "the buffer, not the name");
    assertEquals("6100000000000000", Items.hex(call, 0x100, 8));
    assertEquals("61dfe48bca93d211aa0d00e098032b8c", Items.hex(call, call.cellOffset(2), 16));
  }

  @Test
  void aCursorTakesNoMoreThanItsBuffer() {
    VariableNameCursor cursor = new VariableNameCursor(4);
    VariableCalls.packGetNextVariableName(call, cursor);
    call.item().asSlice(0x100).fill((byte) 'x');
    call.item().set(Items.LONG, call.cellOffset(0), Long.MAX_VALUE);
    VariableCalls.copyOutGetNextVariableName(call, TOO_SMALL, cursor);
    assertEquals("", cursor.name());
    assertEquals(Long.MAX_VALUE, cursor.sizeBytes());
    VariableCalls.copyOutGetNextVariableName(call, SUCCESS, cursor);
    assertEquals("\u7878\u7878", cursor.name());
  }

  @Test
  void aCursorLargerThanTheItemIsMisuse() {
    assertFull(
        258, 256, () -> VariableCalls.packGetNextVariableName(call, new VariableNameCursor(258)));
  }

  @Test
  void sizesAndNamesAreChecked() {
    assertEquals(
        "dataSize must be at most the buffer: dataSize=5, buffer=4",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    VariableCalls.packSetVariable(
                        call, "n", GUID, 7, 5, MemorySegment.ofArray(new byte[4])))
            .getMessage());
    assertEquals(
        "dataSize must be at most the buffer: dataSize=-1, buffer=0",
        assertThrows(
                IllegalArgumentException.class,
                () -> VariableCalls.packGetVariable(call, "n", GUID, true, -1, null))
            .getMessage());
    assertEquals(
        "variable name must not contain a NUL: index=2, length=3",
        assertThrows(
                IllegalArgumentException.class,
                () -> VariableCalls.packSetVariable(call, "ab\0", GUID, 7, 0, null))
            .getMessage());
  }
}
