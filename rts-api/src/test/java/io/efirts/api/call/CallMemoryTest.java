// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.PhysicalAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Memory for work items is writable by everybody, aligned, and cut without overlap. */
class CallMemoryTest {
  private static final PhysicalAddress PHYSICAL = new PhysicalAddress(0x20_0000);

  @Test
  void itemsLieWhereTheyAreCut() {
    CallMemory memory = new CallMemory(CallMemory.allocate(8192), -8192, PHYSICAL);
    RuntimeCall item = memory.item(4096, 4096);
    assertEquals(-4096, item.firmwareAddressOf(0));
    assertEquals(0x20_1000, item.physicalAddressOf(0));
    assertEquals(CallLayout.SIGNATURE, memory.segment().get(Items.INT, 4096));
    assertEquals(0, memory.segment().get(Items.INT, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> memory.item(4096, 4097));
  }

  @Test
  void memoryIsWholePages() {
    for (long length : new long[] {0, -4096, 1, 4095, 4097}) {
      assertEquals(
          "call memory must be a positive multiple of 4096: lengthBytes=" + length,
          assertThrows(IllegalArgumentException.class, () -> CallMemory.allocate(length))
              .getMessage());
    }
    MemorySegment memory = CallMemory.allocate(4096);
    assertEquals(0, memory.address() % 4096);
    assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[4096])), "zeroed");
    assertEquals(
        "call memory must start at a multiple of 4096: firmwareAddress=0x1001",
        assertThrows(IllegalArgumentException.class, () -> new CallMemory(memory, 0x1001, PHYSICAL))
            .getMessage());
  }

  @Test
  void memoryIsWritableByEveryThread() {
    try (Arena confined = Arena.ofConfined()) {
      assertRefused(confined.allocate(4096));
    }
    assertRefused(CallMemory.allocate(4096).asReadOnly());
  }

  private static void assertRefused(MemorySegment segment) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new CallMemory(segment, 0, PHYSICAL))
            .getMessage();
    assertTrue(
        message.startsWith("call memory must be writable by every thread: segment="), message);
  }
}
