// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

/**
 * The state byte of a record. Bits only ever go from 1 to 0, so each move is an AND with a mask.
 *
 * <pre>
 * 0xFF ERASED ──► 0x7F HEADER_ONLY ──► 0x3F ADDED ──► 0x3D deleted
 *                        │                   └──► 0x3E IN_DELETED_TRANSITION ──► 0x3C deleted
 *                        └──► 0x7D given up
 * </pre>
 */
public final class RecordState {
  /** Nothing said yet; with a start mark, a header whose writing was interrupted. */
  public static final int ERASED = 0xFF;

  /** The header is valid, the value is not complete; never read. */
  public static final int HEADER_ONLY = 0x7F;

  /** The value. */
  public static final int ADDED = 0x3F;

  /** The value as long as no ADDED record has the same name. */
  public static final int IN_DELETED_TRANSITION = 0x3E;

  /** Mask of the move that begins a replacement. */
  static final int TO_TRANSITION = 0xFE;

  /** Mask of the move to deleted, from every state. */
  static final int TO_DELETED = 0xFD;

  /** Mask of the move that passes over a header whose writing was interrupted. */
  static final int TO_GIVEN_UP = HEADER_ONLY & TO_DELETED;

  private static final int NOT_ADDED = HEADER_ONLY & ~ADDED;

  private RecordState() {}

  /**
   * Whether a record never was a value. Its sizes were not necessarily forced, so they may be
   * missing after a power cut, but then nothing that counts is behind it.
   */
  static boolean wasNeverAdded(int state) {
    return (state & NOT_ADDED) != 0;
  }

  /**
   * Whether a record in this state can be a value.
   *
   * @param state the state byte
   * @return true for ADDED and IN_DELETED_TRANSITION
   */
  public static boolean isLive(int state) {
    return state == ADDED || state == IN_DELETED_TRANSITION;
  }
}
