// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.Cr4;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entering and leaving allocate nothing, repairs included. */
@Timeout(60)
class ContextAllocationTest {
  private static final int ROUNDS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);

  @Test
  void withoutPcid() {
    assertAllocatesNothing(machine.context(machine.space()), false);
  }

  @Test
  void withPcid() {
    machine.vcpu().loadCr4(machine.vcpu().cr4() | Cr4.PCIDE);
    EntryFlush flush = new EntryFlush();
    assertAllocatesNothing(
        machine.contextBuilder(machine.space(flush)).pcid(1, flush).build(), false);
  }

  @Test
  void withRepairs() {
    assertAllocatesNothing(machine.context(machine.space()), true);
  }

  private void assertAllocatesNothing(X86FirmwareContext context, boolean broken) {
    FirmwareContext.SaveArea area = context.newSaveArea();
    repeat(context, area, broken);
    long before = threads.getCurrentThreadAllocatedBytes();
    repeat(context, area, broken);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // The least object has 8 bytes: less than one byte per round means that no round allocated one.
    assertTrue(allocated < ROUNDS, () -> "bytes=" + allocated);
  }

  private void repeat(X86FirmwareContext context, FirmwareContext.SaveArea area, boolean broken) {
    int expected = 0;
    for (int i = 0; i < ROUNDS; i++) {
      context.enter(area);
      if (broken) {
        Corruption.CR4_PGE.make(machine.vcpu(), null);
        Corruption.CR3.make(machine.vcpu(), null);
        Corruption.SSE_MASK.make(machine.vcpu(), null);
        expected =
            Corruption.CR4_PGE.kind().bit()
                | Corruption.CR3.kind().bit()
                | Corruption.SSE_MASK.kind().bit();
      }
      assertEquals(expected, context.leave(area));
    }
  }
}
