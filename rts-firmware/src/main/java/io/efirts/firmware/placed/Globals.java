// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

/**
 * What lies where in the globals, as offsets from their start: the system table and what hangs on
 * it, the firmware's own pointers, the volatile variables.
 */
final class Globals {
  static final int SYSTEM_TABLE = 0;
  static final int RUNTIME_SERVICES = 0x100;
  static final int VENDOR = 0x200;
  static final int CONFIGURATION_TABLE = 0x300;

  /** A pointer to the mirror of the non-volatile variables. */
  static final int MIRROR_POINTER = 0x400;

  /** A pointer to the volatile variables. */
  static final int VOLATILE_POINTER = 0x408;

  /** A pointer to the flash registers. */
  static final int FLASH_POINTER = 0x410;

  /** Not 0 once ExitBootServices was called. */
  static final int AT_RUNTIME = 0x418;

  static final int ATTRIBUTES_TABLE = 0x1000;

  /** The volatile variables, up to the end. */
  static final int VOLATILE_STORE = 0x1_0000;

  private Globals() {}
}
