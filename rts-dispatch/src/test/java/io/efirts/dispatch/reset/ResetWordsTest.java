// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.reset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.testkit.ScriptedFirmware;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ResetSystem by a guest's words. */
class ResetWordsTest {
  private final ScriptedFirmware firmware = new ScriptedFirmware().record(8);
  private final List<ResetType> told = new ArrayList<>();

  private Dispatcher start() {
    return Dispatcher.builder()
        .firmware(firmware)
        .calls(4)
        .invoker()
        .rebootHook(told::add)
        .resetFallback(told::add)
        .start();
  }

  @Test
  void arePassedOnAsTheyAre() {
    try (Dispatcher dispatcher = start()) {
      long status = EfiStatus.DEVICE_ERROR.raw();
      assertTrue(
          dispatcher
              .abi()
              .call(RuntimeService.RESET_SYSTEM, 1, status, 16, 0x1234_5678_9ABCL, 99)
              .isSuccess());
      assertEquals(List.of(1L, status, 16L, 0x1234_5678_9ABCL), firmware.recorded().get(0).words());
    }
    assertEquals(List.of(ResetType.WARM, ResetType.WARM), told);
  }

  /** Firmware may know types that this library does not; hooks and fallbacks do not. */
  @ParameterizedTest
  @ValueSource(longs = {4, 0x7FFF_FFFFL, 0xFFFF_FFFFL})
  void ofAnUnknownTypeArePassedOnToo(long type) {
    try (Dispatcher dispatcher = start()) {
      assertTrue(dispatcher.abi().call(RuntimeService.RESET_SYSTEM, type, 0, 0, 0, 0).isSuccess());
      assertEquals(type, firmware.recorded().get(0).words().get(0));
    }
    assertEquals(List.of(ResetType.COLD, ResetType.COLD), told);
  }

  /** An enumeration is 32 bits wide: the word's upper half is not part of it. */
  @Test
  void ofAnUnknownUpperHalfMeanTheLowerHalf() {
    try (Dispatcher dispatcher = start()) {
      dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 0xABCD_0000_0002L, 0, 0, 0, 0);
      assertEquals(2, firmware.recorded().get(0).words().get(0).intValue());
    }
    assertEquals(List.of(ResetType.SHUTDOWN, ResetType.SHUTDOWN), told);
  }
}
