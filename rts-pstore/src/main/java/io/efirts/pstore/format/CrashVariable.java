// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.VariableAttributes;

/** What all variables that hold crash records have in common, as Linux's efi-pstore has it. */
public final class CrashVariable {
  /** {@code LINUX_EFI_CRASH_GUID}, the namespace of crash records. */
  public static final EfiGuid GUID = EfiGuid.of("cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0");

  /** The attributes a record is written with: NV, BS and RT. */
  public static final int ATTRIBUTES =
      VariableAttributes.NON_VOLATILE
          | VariableAttributes.BOOTSERVICE_ACCESS
          | VariableAttributes.RUNTIME_ACCESS;

  /** How many bytes a record has at most where nothing else is configured; Linux's minimum too. */
  public static final int DEFAULT_RECORD_BYTES = 1024;

  /** How many UTF-16 units a name has at most, its NUL included. */
  public static final int NAME_LIMIT_UNITS = 66;

  private CrashVariable() {}
}
