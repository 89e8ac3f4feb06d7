// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

/** Which rules hold; a firmware goes from one phase to the next and never back. */
public enum FirmwarePhase {
  /** Boot services are there: every variable is visible and may be written. */
  BOOT,

  /** Only variables with RUNTIME_ACCESS are visible, only non-volatile ones may be written. */
  RUNTIME,

  /**
   * As RUNTIME, and SetVirtualAddressMap has been called with arguments it takes. Firmware is at
   * virtual addresses if that call succeeded; if it faulted, nobody knows which of its pointers are
   * virtual, and none of its services is usable.
   */
  VIRTUAL
}
