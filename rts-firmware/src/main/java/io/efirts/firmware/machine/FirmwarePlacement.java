// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

import java.util.Objects;

/**
 * Where the parts of a firmware lie in guest-physical memory.
 *
 * @param variableDriver serves variables, the monotonic count, reset, virtual addressing, and all
 *     that nobody else does
 * @param timeDriver serves clock and alarm; may lie in the same region as the others
 * @param flashDriver writes the flash
 * @param globals runtime data: the EFI system table, at its start; the tables it leads to; the
 *     firmware's own pointers; the volatile variables
 * @param mirror runtime data: the copy of the non-volatile variables' volume that is read
 * @param flash the registers behind which the flash begins with that volume
 * @param clock the registers of the clock, or null if it is behind I/O ports
 * @param spare runtime data that nothing touches, or null
 */
public record FirmwarePlacement(
    FirmwareImage variableDriver,
    FirmwareImage timeDriver,
    FirmwareImage flashDriver,
    PageRange globals,
    PageRange mirror,
    PageRange flash,
    PageRange clock,
    PageRange spare) {
  /** Checks that what every firmware has is given. */
  public FirmwarePlacement {
    Objects.requireNonNull(variableDriver, "variableDriver");
    Objects.requireNonNull(timeDriver, "timeDriver");
    Objects.requireNonNull(flashDriver, "flashDriver");
    Objects.requireNonNull(globals, "globals");
    Objects.requireNonNull(mirror, "mirror");
    Objects.requireNonNull(flash, "flash");
  }
}
