// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

/** Which rules hold: those before or those after ExitBootServices. */
public enum FirmwarePhase {
  /** Boot services are there: every variable is visible and may be written. */
  BOOT,

  /** Only variables with RUNTIME_ACCESS are visible, only non-volatile ones may be written. */
  RUNTIME
}
