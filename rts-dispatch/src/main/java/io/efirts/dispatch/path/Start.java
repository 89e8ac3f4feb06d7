// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

/** What became of a call that was to be started. */
public enum Start {
  /** It is in the ring. It may have ended, and be somebody else's, already. */
  STARTED,
  /** The ring was full. The call never ran, did not end, and is its caller's to give back. */
  NO_ROOM,
  /**
   * It has ended while it was started. Whoever ended it may not have looked for its delivery, and
   * the watch may have made its last round: nobody but the caller may be left.
   */
  ENDED
}
