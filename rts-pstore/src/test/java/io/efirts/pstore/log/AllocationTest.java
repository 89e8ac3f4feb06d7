// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.spi.NanoClock;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writing and reading allocate nothing. */
@Timeout(60)
class AllocationTest {
  private static final int TIMES = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final LogRing ring = new LogRing(16, 64, NanoClock.SYSTEM);
  private final String text =
      "a text of two slots, \u00e9\u20ac\ud83d\ude00\ud800, which is long enough\nand more";
  private final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

  @Test
  void appendText() {
    assertAllocatesNothing(() -> ring.append(text));
  }

  @Test
  void appendTextWithLevel() {
    assertAllocatesNothing(() -> ring.append(6, text));
  }

  @Test
  void appendBytes() {
    assertAllocatesNothing(() -> ring.append(bytes, 0, bytes.length));
  }

  @Test
  void sliceBefore() {
    for (int i = 0; i < 20; i++) {
      ring.append(6, text);
    }
    KmsgSlice slice = new KmsgSlice(new byte[256], 0);
    assertAllocatesNothing(
        () -> {
          ring.sliceBefore(ring.end(), 256, slice);
          ring.sliceBefore(slice.start(), 10, slice);
        });
    assertTrue(slice.length() > 0);
  }

  private void assertAllocatesNothing(Runnable operation) {
    repeat(operation);
    long before = threads.getCurrentThreadAllocatedBytes();
    repeat(operation);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // The least object has 8 bytes: less than one byte each time means that no time allocated one,
    // while the runtime's own one-time allocations may pass.
    assertTrue(allocated < TIMES, () -> "bytes=" + allocated);
  }

  private static void repeat(Runnable operation) {
    for (int i = 0; i < TIMES; i++) {
      operation.run();
    }
  }
}
