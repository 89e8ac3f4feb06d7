// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.Counter;
import io.efirts.qemu.machine.GuestArch;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-13 on a real processor: a vendor's entry that comes back with interrupts enabled is found out
 * by the context, and neither the agent nor the next call is troubled by it.
 */
@Tag("real-firmware")
@Timeout(120)
class InterruptsAfterACallTest {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** STI, XOR EAX EAX, RET. */
  private static final int ENABLE_INTERRUPTS = 0xC3C0_31FB;

  @Test
  void areRepairedAndTold() {
    try (QemuGuest guest = QemuGuest.boot(GuestSettings.of(GuestArch.X86_64))) {
      MemoryRegion arena = guest.arena();
      arena.bytes().set(INT, 0, ENABLE_INTERRUPTS);
      // Over code that is mapped executable at its physical address: of the wakeup service.
      long code = codeOfNoUse(guest);
      guest.copy(code, arena.base().value(), Integer.BYTES);
      arena.bytes().set(INT, 0, 0);

      FirmwareInstance instance = guest.atPhysicalAddresses();
      try (Dispatcher dispatcher =
          Dispatcher.builder().firmware(() -> instance).invoker().start()) {
        for (int i = 1; i <= 3; i++) {
          CallResult result = dispatcher.abi().callVendor(code, 0, 0, 0, 0, 0, 0, 0);
          assertTrue(result.isSuccess(), result::toString);
          assertEquals(i, dispatcher.count(Counter.CONTEXT_REPAIRS));
          assertTrue(ServiceCall.GET_TIME.make(dispatcher.runtimeServices()).isSuccess());
        }
        assertEquals(3, dispatcher.count(Counter.CONTEXT_REPAIRS));
      }
    }
  }

  private static long codeOfNoUse(QemuGuest guest) {
    return HangingFirmware.entry(guest, RuntimeService.SET_WAKEUP_TIME);
  }

  @Test
  void onlyRamIsCopied() {
    try (QemuGuest guest = QemuGuest.boot(GuestSettings.of(GuestArch.ARM64))) {
      long ram = guest.arena().base().value();
      for (long[] wrong : new long[][] {{0, ram, 4}, {ram, -1, 4}, {ram, ram, 0}, {ram, ram, -1}}) {
        assertThrows(
            IllegalArgumentException.class, () -> guest.copy(wrong[0], wrong[1], wrong[2]));
      }
      assertThrows(IllegalArgumentException.class, () -> guest.copy(ram, ram, Long.MAX_VALUE));
    }
  }
}
