// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.util.Optional;

/**
 * {@code EFI_RESET_TYPE}: what kind of reset {@code ResetSystem} makes. UEFI 2.10 section 8.5.1.
 */
public enum ResetType {
  /** All circuitry back to its initial state. */
  COLD("EfiResetCold"),
  /** The processors back to their initial state; a platform without it makes a cold reset. */
  WARM("EfiResetWarm"),
  /** Power off (ACPI G2/S5 or G3); a platform without it makes a cold reset. */
  SHUTDOWN("EfiResetShutdown"),
  /** A reset named by a GUID behind the string in the reset data. */
  PLATFORM_SPECIFIC("EfiResetPlatformSpecific");

  private static final ResetType[] BY_CODE = values();

  private final String efiName;

  ResetType(String efiName) {
    this.efiName = efiName;
  }

  /**
   * Returns the value passed to firmware.
   *
   * @return 0 to 3
   */
  public int code() {
    return ordinal();
  }

  /**
   * Returns the specification's name.
   *
   * @return for example {@code EfiResetCold}
   */
  public String efiName() {
    return efiName;
  }

  /**
   * Finds the type of a value from a guest or from firmware. Allocates.
   *
   * @param code the 32-bit value
   * @return the type, empty for a value the specification does not define
   */
  public static Optional<ResetType> of(int code) {
    return code >= 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
  }
}
