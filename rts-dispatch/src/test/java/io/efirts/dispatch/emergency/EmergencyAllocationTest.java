// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.emergency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.LongHolder;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.dispatch.Dispatcher;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A panic with an exhausted heap: nothing is allocated from its begin to its reset. */
class EmergencyAllocationTest {
  private static final int WARM_UP = 200;
  private static final int EMERGENCIES = 200;
  private static final int ROUNDS = 10;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final EfiGuid guid = new EfiGuid(1, 2);
  private final MemorySegment data = MemorySegment.ofArray(new byte[64]);
  private final LongHolder holder = new LongHolder();
  private final Duration grace = Duration.ofMillis(1);

  /** A new dispatcher for each, since a panic comes once. */
  private long allocatedBy(boolean crashEntry) {
    ScriptedFirmware firmware = new ScriptedFirmware();
    firmware.crashEntry(frame -> 0);
    firmware.onVendor(
        1,
        frame -> {
          throw new IllegalStateException("injected");
        });
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(1)
            .bufferBytes(1024)
            .storageReserve(0)
            .invoker()
            .start()) {
      if (crashEntry) {
        dispatcher.abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      Emergency emergency = dispatcher.beginEmergency(grace);
      boolean ok =
          emergency.setVariable("dump-type0-1-1-0", guid, 7, 64, data).isSuccess()
              & emergency.queryVariableInfo(7, holder, holder, holder).isSuccess()
              & emergency.resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null).isSuccess();
      emergency.end();
      long after = threads.getCurrentThreadAllocatedBytes();
      assertTrue(ok);
      assertEquals(crashEntry, emergency.firmwareWasInterrupted());
      return after - before;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsAllocated(boolean crashEntry) {
    for (int i = 0; i < WARM_UP; i++) {
      allocatedBy(crashEntry);
    }
    long least = Long.MAX_VALUE;
    // What the compiler takes once on this thread, whenever that is, comes in one round or another.
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      long bytes = 0;
      for (int i = 0; i < EMERGENCIES; i++) {
        bytes += allocatedBy(crashEntry);
      }
      least = Math.min(least, bytes);
    }
    assertEquals(0, least);
  }
}
