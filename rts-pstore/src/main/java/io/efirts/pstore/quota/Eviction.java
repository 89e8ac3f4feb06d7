// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.quota;

import io.efirts.api.CallResult;
import io.efirts.pstore.read.CrashDump;
import java.util.List;

/**
 * What became of an eviction.
 *
 * @param evicted the dumps that are gone, oldest first
 * @param result EFI_SUCCESS if the rest is within the quota; otherwise the answer for the first
 *     record that could not be erased
 */
public record Eviction(List<CrashDump> evicted, CallResult result) {
  /** Copies the list. */
  public Eviction {
    evicted = List.copyOf(evicted);
  }
}
