// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.TimeCalls;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.flat.FlatVcpu;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The caller enters and leaves the context around each call, also when firmware throws. */
class FirmwareCallerTest {
  private static final long HOST = 0x55_0000;

  private final FlatVcpu vcpu = new FlatVcpu(HOST);
  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final FlatFirmwareContext context =
      new FlatFirmwareContext(
          vcpu,
          new MemoryRegion(
              new PhysicalAddress(0x10_0000),
              CallMemory.allocate(FirmwareCaller.CALL_MEMORY_BYTES)),
          List.of());
  private final FirmwareCaller caller = new FirmwareCaller(new FirmwareInstance(firmware, context));

  @Test
  void argumentsGoInAndAnswersComeOut() {
    firmware.on(
        RuntimeService.CONVERT_POINTER,
        frame -> {
          assertEquals(context.addressSpace().root(), vcpu.addressSpaceRoot());
          frame.memory().putLong(frame.word(1), frame.memory().getLong(frame.word(1)) + 1);
          return 0;
        });
    LongHolder pointer = new LongHolder(41);
    assertTrue(caller.convertPointer(0, pointer).isSuccess());
    assertEquals(42, pointer.value);
    assertEquals(HOST, vcpu.addressSpaceRoot());
  }

  @Test
  void aNullPointerCanBePackedByHand() {
    firmware.on(RuntimeService.SET_TIME, frame -> frame.word(0) == 0 ? -1 : 1);
    assertEquals(
        EfiStatus.of(1), caller.setTime(new EfiTime(2025, 1, 1, 0, 0, 0, 0, 0, 0)).status());
    TimeCalls.packSetTime(caller.item(), new EfiTime(2025, 1, 1, 0, 0, 0, 0, 0, 0));
    caller.item().packPointer(0, 0);
    CallResult result = caller.execute();
    assertEquals(EfiStatus.of(-1), result.status());
  }

  @Test
  void whatFirmwareThrowsIsThrownOutsideTheContext() {
    firmware.on(
        RuntimeService.SET_TIME,
        frame -> {
          throw new IllegalStateException("firmware");
        });
    assertThrows(
        IllegalStateException.class,
        () -> caller.setTime(new EfiTime(2025, 1, 1, 0, 0, 0, 0, 0, 0)));
    assertEquals(HOST, vcpu.addressSpaceRoot());
  }
}
