// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

/** Why a variable under the crash records' GUID was passed over. */
public enum SkipReason {
  /** Its name is in none of the forms a record's name has. */
  MALFORMED_NAME,
  /** Its value is larger than the reader's limit. */
  TOO_LARGE,
  /** Firmware walked to it and then did not give its value. */
  UNREADABLE
}
