// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The bytes of a work item, as the layout documents them, and the limits of its buffer. */
class RuntimeCallTest {
  private final RuntimeCall call = Items.ofBytes(0x200);

  @Test
  void aNewItemHasItsHeader() {
    assertEquals("4552544301000000", Items.hex(call, 0, 8), "ERTC, version 1");
    assertEquals("00010000", Items.hex(call, CallLayout.BUFFER_SIZE_OFFSET, 4));
  }

  @Test
  void anItemInAMemoryDumpReads() {
    call.begin(RuntimeService.SET_VARIABLE);
    call.packPointer(0, 0x1122_3344_5566_7788L);
    call.packPointer(1, 0);
    call.packValue(2, 0xFFFF_FFFF_0000_0007L);
    call.packValue(3, 5);
    call.packPointer(4, -1);
    call.status(0x8000_0000_0000_000EL);
    assertEquals(
        "45525443" // signature
            + "0100" // version
            + "0800" // SetVariable is the ninth entry of the table
            + "0000000000000000" // no vendor entry
            + "05000000" // arguments
            + "00010000" // buffer area
            + "0e00000000000080" // status
            + "8877665544332211" // a pointer as it is
            + "0000000000000000" // null
            + "80000000ffffffff" // the address of cell 2
            + "90000000ffffffff" // the address of cell 3
            + "ffffffffffffffff"
            + "0000000000000000" // no sixth argument
            + "00".repeat(16)
            + "00".repeat(32) // cells 0 and 1
            + "0700000000000000" // a UINT32, cut
            + "00".repeat(8)
            + "0500000000000000"
            + "00".repeat(8)
            + "00".repeat(32)
            + "00".repeat(64),
        Items.hex(call, 0, CallLayout.BUFFER_OFFSET));
  }

  @Test
  void aVendorItemNamesItsEntry() {
    call.beginVendor(0xFFFF_8000_0000_0010L, 6);
    for (int i = 0; i < 6; i++) {
      call.packPointer(i, 0x10 + i);
    }
    assertEquals("ffff", Items.hex(call, CallLayout.SERVICE_OFFSET, 2));
    assertEquals("100000000080ffff", Items.hex(call, CallLayout.VENDOR_ENTRY_OFFSET, 8));
    assertEquals("06000000", Items.hex(call, CallLayout.ARGUMENT_COUNT_OFFSET, 4));
    CallFrame frame = Items.unpack(call);
    assertNull(frame.service());
    assertEquals(0xFFFF_8000_0000_0010L, frame.vendorEntryPoint());
    for (int i = 0; i < 6; i++) {
      assertEquals(0x10 + i, frame.word(i));
    }
  }

  @Test
  void beginningAgainForgetsEntryStatusAndBuffer() {
    call.beginVendor(1, 6);
    call.status(-1);
    call.packBuffer(0, 0x100);
    call.begin(RuntimeService.GET_TIME);
    assertEquals("0".repeat(16), Items.hex(call, CallLayout.VENDOR_ENTRY_OFFSET, 8));
    assertEquals("0".repeat(16), Items.hex(call, CallLayout.STATUS_OFFSET, 8));
    assertEquals(0x100, call.bufferRemaining());
    assertEquals(0, call.vendorEntryPoint());
    assertEquals(2, call.argumentCount());
  }

  @Test
  void aCellIsClearedAndPointedTo() {
    call.begin(RuntimeService.SET_TIME);
    call.item().asSlice(CallLayout.CELLS_OFFSET, 16).fill((byte) -1);
    assertEquals(CallLayout.CELLS_OFFSET, call.packCell(0));
    assertEquals("0".repeat(32), Items.hex(call, CallLayout.CELLS_OFFSET, 16));
    assertEquals(Items.FIRMWARE_ADDRESS + CallLayout.CELLS_OFFSET, Items.wordAt(call, 0));
  }

  @Test
  void theCellsOfSixArgumentsDoNotReachTheBuffer() {
    call.beginVendor(1, 6);
    for (int i = 0; i < 6; i++) {
      assertEquals(0x60 + 16L * i, call.packCell(i));
    }
    assertTrue(call.cellOffset(6) <= CallLayout.BUFFER_OFFSET);
  }

  @Test
  void buffersFollowEachOtherAligned() {
    call.begin(RuntimeService.SET_VARIABLE);
    assertEquals(0x100, call.packBuffer(0, 1));
    assertEquals(0x110, call.packBuffer(1, 16));
    assertEquals(0x120, call.packBuffer(4, 0));
    assertEquals(0x120, call.packBuffer(4, 17));
    assertEquals(0x140, call.bufferOffset(4) + 32);
    assertEquals(Items.FIRMWARE_ADDRESS + 0x120, Items.wordAt(call, 4));
    assertEquals(0x100 - 0x40, call.bufferRemaining());
  }

  @Test
  void aBufferCanBeUsedToItsLastByteAndNoFurther() {
    call.begin(RuntimeService.SET_VARIABLE);
    assertRefused(0x101, 0x100);
    assertRefused(-1, 0x100);
    assertRefused(Long.MAX_VALUE, 0x100);
    call.packBuffer(0, 0x100);
    assertEquals(0, call.bufferRemaining());
    assertRefused(1, 0);
    assertEquals(0x200, call.packBuffer(4, 0), "nothing fits behind the last byte");
  }

  @Test
  void anUnalignedRestIsUsedUp() {
    RuntimeCall odd = Items.ofBytes(0x100 + 5);
    odd.begin(RuntimeService.SET_VARIABLE);
    odd.packBuffer(0, 3);
    assertEquals(0, odd.bufferRemaining());
    assertEquals(0x105, odd.packBuffer(4, 0));
  }

  private void assertRefused(long length, long remaining) {
    assertEquals(
        "argument must fit the work item's buffer: lengthBytes="
            + length
            + ", remaining="
            + remaining,
        assertThrows(IllegalArgumentException.class, () -> call.packBuffer(4, length))
            .getMessage());
  }

  @Test
  void addressesAreThoseOfTheTwoSpaces() {
    assertEquals(Items.FIRMWARE_ADDRESS + 7, call.firmwareAddressOf(7));
    assertEquals(Items.PHYSICAL_ADDRESS + 7, call.physicalAddressOf(7));
  }

  @Test
  void aWordChangedUnderWayIsPassedOnAndNeverFollowed() {
    call.begin(RuntimeService.QUERY_VARIABLE_INFO);
    call.packValue(0, 7);
    call.packPointer(1, 0x1000);
    call.item().set(Items.LONG, CallLayout.WORDS_OFFSET, 0xBAD0);
    call.item().set(Items.LONG, CallLayout.WORDS_OFFSET + 8, 0xBAD1);
    call.item().set(Items.LONG, call.cellOffset(0), -1);
    call.item().set(Items.INT, CallLayout.ARGUMENT_COUNT_OFFSET, 99);
    CallFrame frame = Items.unpack(call);
    assertEquals(4, frame.argumentCount());
    assertEquals(0xFFFF_FFFFL, frame.word(0), "a value comes out of its own cell, cut");
    assertEquals(0xBAD1, frame.word(1));
  }

  @Test
  void argumentsBeyondTheLastAreMisuse() {
    call.begin(RuntimeService.SET_TIME);
    assertThrows(IndexOutOfBoundsException.class, () -> call.packPointer(1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> call.packPointer(-1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> Items.unpack(call).word(1));
    assertEquals(
        "vendor entry point must not be 0",
        assertThrows(IllegalArgumentException.class, () -> call.beginVendor(0, 1)).getMessage());
    assertEquals(
        "vendor call must have 0 to 6 words: wordCount=7",
        assertThrows(IllegalArgumentException.class, () -> call.beginVendor(1, 7)).getMessage());
  }

  @Test
  void anItemNeedsABuffer() {
    assertEquals(
        "work item must have a buffer area: size=256",
        assertThrows(
                IllegalArgumentException.class,
                () -> new RuntimeCall(MemorySegment.ofArray(new byte[256]), 0, 0))
            .getMessage());
  }
}
