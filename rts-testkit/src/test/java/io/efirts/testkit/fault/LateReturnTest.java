// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.AbiCalls;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.CallerThread;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Firmware that comes back late writes to where it was told to when it was called. */
@Timeout(60)
class LateReturnTest {
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int ITEM_BYTES = 3 * 4096;
  private static final int ATTRIBUTES = 0x1000;
  private static final int DATA_SIZE = 0x1010;
  private static final int DATA = 0x1020;

  private final FlatFirmwareContext context = new FlatFirmwareContext(ITEM_BYTES);
  private final CallMemory memory = context.callMemory(ITEM_BYTES);
  private final MemorySegment bytes = memory.segment();
  private final RuntimeCall item = memory.item(0, 4096);
  private final CallFrame frame = new CallFrame(context.memory());

  @Test
  void everyOutputIsOverwrittenAfterTheReleaseAndNothingElse() throws InterruptedException {
    // More than one page of data, so that the filling takes more than one step.
    int dataBytes = 5000;
    bytes.set(UINT64, DATA_SIZE, dataBytes);
    pack(RuntimeService.GET_VARIABLE, 0, 0, at(ATTRIBUTES), at(DATA_SIZE), at(DATA));
    try (LateReturn late = new LateReturn()) {
      CallerThread<Long> inside = CallerThread.start(() -> late.call(frame));
      assertSame(inside.thread(), late.awaitEntered());
      inside.awaitParked();
      assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, ATTRIBUTES));
      // The frame is somebody else's by now.
      pack(RuntimeService.CONVERT_POINTER, 0, 0, 0, 0, 0);
      late.release();
      assertEquals(0, inside.result());
    }
    assertFilled(ATTRIBUTES, 4);
    assertFilled(DATA_SIZE, 8);
    assertFilled(DATA, dataBytes);
    assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, ATTRIBUTES + 4));
    assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, DATA + dataBytes));
  }

  @Test
  void outputsThatWereLeftOutAreNotWritten() {
    pack(RuntimeService.GET_TIME, at(DATA), 0, 0, 0, 0);
    LateReturn late = new LateReturn();
    late.close();
    assertEquals(0, late.call(frame));
    assertFilled(DATA, 16);
    assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, DATA + 16));
  }

  @Test
  void aVendorsWordsAreNotPointers() {
    AbiCalls.packVendor(item, 99, 2, at(DATA), 5, 0, 0, 0, 0);
    frame.load(item);
    LateReturn late = new LateReturn();
    late.close();
    assertEquals(0, late.call(frame));
    assertEquals(0, bytes.get(ValueLayout.JAVA_BYTE, DATA));
  }

  private long at(int offset) {
    return memory.firmwareAddress() + offset;
  }

  private void pack(RuntimeService service, long a, long b, long c, long d, long e) {
    AbiCalls.pack(item, service, a, b, c, d, e);
    frame.load(item);
  }

  private void assertFilled(int offset, int length) {
    byte[] found = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    byte[] expected = new byte[length];
    Arrays.fill(expected, LateReturn.FILL);
    assertTrue(Arrays.equals(expected, found), () -> "offset=" + offset);
  }
}
