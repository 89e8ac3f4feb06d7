// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a crash path uses from this package allocates nothing once it is warm. */
class AllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int CALLS = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final MemorySegment memory = Wire.memory(256);
  private final EfiTime time = new EfiTime(2025, 3, 10, 2, 53, 39, 0, 0, 0);
  private final EfiTimeCapabilities capabilities = new EfiTimeCapabilities(1, 50_000_000, true);
  private final EfiMemoryDescriptor descriptor = new EfiMemoryDescriptor(5, 4096, 0, 1, 8);
  private final EfiTimeHolder timeHolder = new EfiTimeHolder();
  private final EfiTimeCapabilitiesHolder capabilitiesHolder = new EfiTimeCapabilitiesHolder();
  private long sink;

  @Test
  void structuresAreWrittenAndReadWithoutAllocation() {
    assertAllocatesNothing(
        () -> {
          VariableNamespace.GLOBAL.write(memory, 1);
          sink += VariableNamespace.GLOBAL.matches(memory, 1) ? 1 : 0;
          time.write(memory, 17);
          timeHolder.read(memory, 17);
          sink += EfiTime.isValid(memory, 17) && timeHolder.isValid() ? 1 : 0;
          capabilities.write(memory, 33);
          capabilitiesHolder.read(memory, 33);
          descriptor.writeEntry(memory, 48, 2);
          sink += capabilitiesHolder.accuracy();
        });
  }

  @Test
  void statusesAndTablesAreLookedUpWithoutAllocation() {
    assertAllocatesNothing(
        () -> {
          sink += EfiStatus.of(EfiStatusCode.NOT_FOUND).raw();
          sink += EfiStatus.ofWidth32(0x80000015).isError() ? 1 : 0;
          sink += EfiStatus.SUCCESS.name().length();
          for (int i = 0; i < RuntimeService.COUNT; i++) {
            RuntimeService service = RuntimeService.of(i);
            sink += ReentryTable.forbids(service, RuntimeService.RESET_SYSTEM) ? 1 : 0;
            sink += ReentryTable.callableDuringMachineCheck(service) ? 1 : 0;
            sink += service.signature().parameter(0).widthBytes();
            sink += RuntimeServicesTable.readFunctionPointer64(memory, 0, service);
          }
        });
  }

  private void assertAllocatesNothing(Runnable work) {
    repeat(work, WARM_UP);
    long before = threads.getCurrentThreadAllocatedBytes();
    repeat(work, CALLS);
    long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;

    // The least object has 8 bytes: less than one byte per call means that no call allocated one,
    // while the runtime's own one-time allocations may pass.
    assertTrue(allocatedBytes < CALLS, () -> "allocatedBytes=" + allocatedBytes);
  }

  private static void repeat(Runnable work, int times) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }
}
