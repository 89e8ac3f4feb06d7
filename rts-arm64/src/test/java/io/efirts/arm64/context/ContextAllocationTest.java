// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.paging.Granule;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entering and leaving allocate nothing, repairs included. */
@Timeout(60)
class ContextAllocationTest {
  private static final int ROUNDS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);

  @Test
  void ofAnyone() {
    assertAllocatesNothing(machine.context(machine.space()), false);
  }

  @Test
  void ofATaskThatAdoptedTheAddressSpace() {
    CountingScheduler scheduler = new CountingScheduler(machine.vcpu());
    Arm64FirmwareContext context = machine.contextBuilder(machine.space(), scheduler).build();
    context.adoptedSpace().adopt(machine.vcpu());
    assertAllocatesNothing(context, false);
  }

  @Test
  void withRepairs() {
    assertAllocatesNothing(machine.context(machine.space()), true);
  }

  private void assertAllocatesNothing(Arm64FirmwareContext context, boolean broken) {
    FirmwareContext.SaveArea area = context.newSaveArea();
    repeat(context, area, broken);
    long before = threads.getCurrentThreadAllocatedBytes();
    repeat(context, area, broken);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // The least object has 8 bytes: less than one byte per round means that no round allocated one.
    assertTrue(allocated < ROUNDS, () -> "bytes=" + allocated);
  }

  private void repeat(Arm64FirmwareContext context, FirmwareContext.SaveArea area, boolean broken) {
    int expected = 0;
    for (int i = 0; i < ROUNDS; i++) {
      context.enter(area);
      if (broken) {
        Corruption.SCTLR_WXN.make(machine, null);
        Corruption.TTBR0.make(machine, null);
        Corruption.IRQ_MASK.make(machine, null);
        expected =
            Corruption.SCTLR_WXN.kind().bit()
                | Corruption.TTBR0.kind().bit()
                | Corruption.IRQ_MASK.kind().bit();
      }
      assertEquals(expected, context.leave(area));
    }
  }
}
