// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Names and headers are composed without allocation, as the crash path needs it. */
class FormatAllocationTest {
  private static final int CALLS = 500;
  private static final int ROUNDS = 400;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final RecordNameBuffer name = new RecordNameBuffer();
  private final byte[] line = new byte[PartHeader.MAX_BYTES];
  private int units;

  @Test
  void composingAllocatesNothing() {
    long least = Long.MAX_VALUE;
    // The bean's own first calls allocate: the best of many rounds is the steady state.
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      compose();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(units > 0);
    assertTrue(least < CALLS, "bytes in " + CALLS + " calls: " + least);
  }

  private void compose() {
    for (int i = 0; i < CALLS; i++) {
      name.set(0, i, 1, 1_795_198_944L + i, true);
      for (int unit = 0; unit < name.length(); unit++) {
        units += name.charAt(unit);
      }
      units += PartHeader.write(DumpReason.PANIC, 1, i, line, 0);
    }
  }
}
