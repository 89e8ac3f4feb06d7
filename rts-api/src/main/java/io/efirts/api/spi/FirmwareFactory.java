// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

/**
 * Makes firmware instances: the first when a dispatcher starts, further ones when one was given up.
 */
@FunctionalInterface
public interface FirmwareFactory {
  /**
   * Makes a new instance that shares no mutable state with an earlier one, other than the storage.
   * Never called inside the firmware; may block and allocate.
   *
   * @return a new instance
   */
  FirmwareInstance create();
}
