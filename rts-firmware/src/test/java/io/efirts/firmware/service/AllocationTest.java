// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.RuntimeService.GET_NEXT_VARIABLE_NAME;
import static io.efirts.api.spec.RuntimeService.GET_TIME;
import static io.efirts.api.spec.RuntimeService.GET_VARIABLE;
import static io.efirts.api.spec.RuntimeService.QUERY_VARIABLE_INFO;
import static io.efirts.api.spec.RuntimeService.SET_TIME;
import static io.efirts.api.spec.RuntimeService.SET_VARIABLE;
import static io.efirts.firmware.FirmwareHarness.ATTRIBUTES;
import static io.efirts.firmware.FirmwareHarness.DATA;
import static io.efirts.firmware.FirmwareHarness.GUID;
import static io.efirts.firmware.FirmwareHarness.NAME;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static io.efirts.firmware.FirmwareHarness.SIZE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.spec.EfiGuid;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call allocates nothing once its code is compiled. */
class AllocationTest {
  private static final int CALLS = 500;

  private static final int WARM_UP_ROUNDS = 400;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long[] get = {NAME, GUID, ATTRIBUTES, SIZE, DATA};
  private final long[] setOne = {NAME, GUID, 7, 64, DATA};
  private final long[] setOther = {NAME, GUID, 7, 65, DATA};
  private final long[] query = {7, OUT + 32, OUT + 40, OUT + 48};
  private final long[] time = {OUT};
  private final long[] getTime = {OUT, 0};
  private final long[] next = {SIZE, NAME, GUID};
  private FirmwareHarness guest;
  private boolean placed;

  @TempDir private Path folder;

  @Test
  void noCallAllocatesInSteadyState() {
    assertNoCallAllocates(() -> NvImage.inMemory(NvLayout.OVMF_4M));
  }

  @Test
  void noCallOverAFileAllocatesInSteadyState() {
    assertNoCallAllocates(
        () -> {
          Path file = folder.resolve("vars.fd");
          Files.deleteIfExists(file);
          return NvImage.create(file, NvLayout.OVMF_4M);
        });
  }

  @Test
  void noCallOfAPlacedFirmwareAllocatesInSteadyState() {
    placed = true;
    assertNoCallAllocates(() -> NvImage.inMemory(NvLayout.OVMF_4M));
  }

  private void assertNoCallAllocates(Callable<NvImage> images) {
    long least = Long.MAX_VALUE;
    // The compiler decides when: the best of many rounds is the steady state.
    for (int round = 0; round < WARM_UP_ROUNDS && least > 0; round++) {
      try (NvImage image = images.call()) {
        least = Math.min(least, allocatedBy(image));
      } catch (Exception e) {
        throw new AssertionError("the image must open and close", e);
      }
    }
    assertTrue(least < CALLS, "bytes in " + CALLS + " rounds of calls: " + least);
  }

  private long allocatedBy(NvImage image) {
    startMachine(image);
    long before = threads.getCurrentThreadAllocatedBytes();
    makeCalls();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private void startMachine(NvImage image) {
    ReferenceFirmware.Builder builder = ReferenceFirmware.builder(image);
    if (placed) {
      ReferenceMachine machine = ReferenceMachine.virt();
      guest = new FirmwareHarness(builder.placement(machine).build(), machine);
    } else {
      guest = new FirmwareHarness(builder.build());
    }
    EfiGuid guid = EfiGuid.of("f6fab04f-acaf-4af3-b9fa-dcf97fb4426f");
    guest.set("TestVariable", guid, 7, new byte[64]);
    guest.set("Other", guid, 7, new byte[64]);
    guest.call(GET_TIME, OUT, 0);
  }

  private void makeCalls() {
    for (int i = 0; i < CALLS; i++) {
      guest.pokeLong(SIZE, 64);
      guest.call(GET_VARIABLE, get);
      guest.call(SET_VARIABLE, i % 2 == 0 ? setOne : setOther);
      guest.call(QUERY_VARIABLE_INFO, query);
      guest.call(SET_TIME, time);
      guest.call(GET_TIME, getTime);
      guest.pokeLong(SIZE, 2);
      guest.call(GET_NEXT_VARIABLE_NAME, next);
    }
  }
}
