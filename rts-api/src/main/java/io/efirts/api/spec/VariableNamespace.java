// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

/**
 * The vendor GUIDs under which the specification itself keeps variables. UEFI 2.10 sections 3.3 and
 * 8.2, chapter 32 and appendix P.
 */
public final class VariableNamespace {
  /** {@code EFI_GLOBAL_VARIABLE}: boot options, secure boot keys and modes, console, language. */
  public static final EfiGuid GLOBAL = EfiGuid.of("8be4df61-93ca-11d2-aa0d-00e098032b8c");

  /**
   * {@code EFI_IMAGE_SECURITY_DATABASE_GUID}: {@code db}, {@code dbx}, {@code dbt}, {@code dbr}.
   */
  public static final EfiGuid IMAGE_SECURITY = EfiGuid.of("d719b2cb-3d3a-4596-a3bc-dad00e67656f");

  /** {@code EFI_HARDWARE_ERROR_VARIABLE}: the records {@code HwErrRec####}. */
  public static final EfiGuid HARDWARE_ERROR = EfiGuid.of("414e6bdd-e47b-47cc-b244-bb61020cf516");

  private VariableNamespace() {}
}
