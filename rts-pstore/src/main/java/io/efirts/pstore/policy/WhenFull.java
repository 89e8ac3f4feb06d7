// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.policy;

/** Which record goes when the deferred lane is full. */
public enum WhenFull {
  /** The one that waits longest: what happened last is worth more. */
  DROP_OLDEST,
  /** The one that finds no room: what happened first is worth more. */
  DROP_NEWEST
}
