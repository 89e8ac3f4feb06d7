// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiGuid;
import java.util.Objects;

/**
 * A variable under the crash records' GUID that was passed over.
 *
 * @param name the variable's name, whatever is in it
 * @param guid its namespace
 * @param reason why
 * @param sizeBytes the size firmware asked for, unsigned, if too large; otherwise 0
 * @param result firmware's last answer about it
 */
public record SkippedEntry(
    String name, EfiGuid guid, SkipReason reason, long sizeBytes, CallResult result) {
  /** Checks that nothing is missing. */
  public SkippedEntry {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(guid, "guid");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(result, "result");
  }

  /**
   * Says why in words.
   *
   * @return a phrase without the name
   */
  public String explanation() {
    return switch (reason) {
      case MALFORMED_NAME -> "its name is not that of a crash record";
      case TOO_LARGE -> "it is too large: bytes=" + Long.toUnsignedString(sizeBytes);
      case UNREADABLE -> "it cannot be read: " + result;
    };
  }
}
