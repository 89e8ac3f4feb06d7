// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.testkit.FirmwareCaller;

/** A caller of a firmware that does nothing but break. */
final class BrokenFirmware {
  static final EfiGuid VENDOR = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  private BrokenFirmware() {}

  static FirmwareCaller caller(Firmware behaviour) {
    return new FirmwareCaller(
        new FirmwareInstance(behaviour, new FlatFirmwareContext(FirmwareCaller.CALL_MEMORY_BYTES)));
  }
}
