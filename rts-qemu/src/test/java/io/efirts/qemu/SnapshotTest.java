// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.VariableReader;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.qemu.machine.GuestArch;
import io.efirts.qemu.machine.MachineSnapshot;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A guest is saved, and brought back as often as one likes: as it was, and at physical addresses.
 */
@Tag("real-firmware")
@Timeout(120)
class SnapshotTest {
  private static final byte[] VALUE = {1, 2, 3, 4};

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void firmwareGoesOnWhereItWas(GuestArch arch) {
    GuestSettings settings = GuestSettings.of(arch);
    MachineSnapshot snapshot;
    try (QemuGuest guest = QemuGuest.boot(settings)) {
      set(guest.underFirmwareTables(), VALUE);
      snapshot = guest.snapshot(directory.resolve("snapshot"));
      // What comes later is not in it.
      set(guest.underFirmwareTables(), new byte[] {9});
    }
    for (int i = 0; i < 2; i++) {
      try (QemuGuest guest = QemuGuest.restore(snapshot, settings)) {
        requireValue(guest.underFirmwareTables());
        FirmwareInstance switched =
            VirtualModeSwitch.perform(guest.firmware(), guest.host(), InterruptControl.NONE);
        assertNull(switched.failure());
        requireValue(switched);
      }
    }
  }

  private static Dispatcher start(FirmwareInstance instance) {
    return Dispatcher.builder().firmware(() -> instance).invoker().start();
  }

  private static void set(FirmwareInstance instance, byte[] value) {
    try (Dispatcher dispatcher = start(instance)) {
      CallResult result =
          dispatcher
              .runtimeServices()
              .setVariable(
                  ServiceCall.NAME,
                  ServiceCall.GUID,
                  7,
                  value.length,
                  MemorySegment.ofArray(value));
      assertTrue(result.isSuccess(), result::toString);
    }
  }

  private static void requireValue(FirmwareInstance instance) {
    try (Dispatcher dispatcher = start(instance)) {
      VariableReader reader = new VariableReader(dispatcher.runtimeServices());
      CallResult result = reader.read(ServiceCall.NAME, ServiceCall.GUID);
      assertTrue(result.isSuccess(), result::toString);
      assertArrayEquals(VALUE, reader.data());
    }
  }
}
