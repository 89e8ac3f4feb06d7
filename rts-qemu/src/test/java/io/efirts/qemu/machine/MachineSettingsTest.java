// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineSettingsTest {
  private final MachineSettings settings = MachineSettings.of(GuestArch.ARM64);

  @Test
  void eachChangeLeavesTheOthersAlone() {
    byte[] kernel = {1};
    MachineSettings changed =
        settings
            .withKernel(kernel)
            .withFirmware(Path.of("c"), Path.of("v"))
            .withLimits(Duration.ofSeconds(1), Duration.ofSeconds(2))
            .withIdlePause(Duration.ofMillis(3))
            .withVariablesInPlace(Path.of("mine"));
    assertEquals(GuestArch.ARM64, changed.arch());
    assertEquals(Path.of("c"), changed.code());
    assertEquals(Path.of("mine"), changed.variables());
    assertTrue(changed.variablesInPlace());
    assertFalse(settings.variablesInPlace());
    assertSame(kernel, changed.kernel());
    assertEquals(Duration.ofSeconds(1), changed.startLimit());
    assertEquals(Duration.ofSeconds(2), changed.commandLimit());
    assertEquals(Duration.ofMillis(3), changed.idlePause());
    assertFalse(changed.withFirmware(Path.of("c"), Path.of("v")).variablesInPlace());
  }

  @Test
  void limitsOutOfRangeAreRefused() {
    assertRefused(
        "idlePause must be from 1 ms to 1 hour: idlePause=PT0S",
        () -> settings.withIdlePause(Duration.ZERO));
    assertRefused(
        "startLimit must be from 1 ms to 1 hour: startLimit=PT1H0.001S",
        () -> settings.withLimits(Duration.ofHours(1).plusMillis(1), Duration.ofSeconds(1)));
    assertRefused(
        "commandLimit must be from 1 ms to 1 hour: commandLimit=PT-1S",
        () -> settings.withLimits(Duration.ofSeconds(1), Duration.ofSeconds(-1)));
  }

  @Test
  void anEmptyKernelIsRefused() {
    assertRefused("kernel must not be empty: bytes=0", () -> settings.withKernel(new byte[0]));
  }

  private static void assertRefused(String message, Runnable change) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, change::run);
    assertEquals(message, refused.getMessage());
  }
}
