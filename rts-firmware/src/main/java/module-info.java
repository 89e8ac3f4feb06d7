// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * The reference firmware: answers runtime service calls as EDK2 does, over memory or over a
 * variable store image in EDK2's own format.
 */
module io.efirts.firmware {
  requires transitive io.efirts.api;

  exports io.efirts.firmware;
  exports io.efirts.firmware.machine;
  exports io.efirts.firmware.platform;
  exports io.efirts.firmware.storage;
  exports io.efirts.firmware.store;
}
