// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.EfiStatus;

/**
 * What became of a call. Firmware's own status tells only what firmware said; this tells whether it
 * was asked, and if not, why not and whether asking again makes sense.
 */
public enum Outcome {
  /** Firmware returned; the status is its own. */
  COMPLETED(null, true),
  /** No room before the deadline, or the gate was taken. Nothing happened; try again later. */
  BUSY(EfiStatus.NOT_READY, false),
  /** The waiting thread was interrupted before firmware was entered. Nothing happened. */
  INTERRUPTED(EfiStatus.ABORTED, false),
  /** The caller withdrew the call before firmware was entered. Nothing happened. */
  CANCELLED(EfiStatus.ABORTED, false),
  /** The deadline passed. If firmware was entered, its effect is unknown. */
  TIMED_OUT(EfiStatus.TIMEOUT, true),
  /** Firmware faulted inside the call; its effect is unknown. */
  FAULTED(EfiStatus.ABORTED, true),
  /** The services were disabled by a fault or wedge. Do not retry. */
  DISABLED(EfiStatus.DEVICE_ERROR, true),
  /** The platform does not support the service. Nothing happened; do not retry. */
  UNSUPPORTED(EfiStatus.UNSUPPORTED, false),
  /** The calling thread may not wait here. Nothing happened; use another way in. */
  WOULD_BLOCK(EfiStatus.NOT_READY, false),
  /** A panic has taken the firmware over. Nothing more will happen for ordinary callers. */
  EMERGENCY(EfiStatus.NOT_READY, true),
  /**
   * Writing would have left less free storage than the reserve. The variable was not written; free
   * some space first.
   */
  STORAGE_RESERVE(EfiStatus.OUT_OF_RESOURCES, false),
  /**
   * A capsule that waits for a reset is pending with another type of reset, or a reset has begun.
   * The capsule was not passed on.
   */
  CAPSULE_REFUSED(EfiStatus.INVALID_PARAMETER, false),
  /** The dispatcher is closed. If firmware was entered, its effect is unknown. Do not retry. */
  CLOSED(EfiStatus.ABORTED, true);

  private final EfiStatus status;
  private final boolean possibleInside;

  Outcome(EfiStatus status, boolean possibleInside) {
    this.status = status;
    this.possibleInside = possibleInside;
  }

  /**
   * The status that goes with this outcome where firmware gave none.
   *
   * @return the status, or null for {@link #COMPLETED}
   */
  public EfiStatus status() {
    return status;
  }

  /**
   * Whether a call can end this way after firmware was entered.
   *
   * @return false for outcomes that always mean that nothing happened
   */
  public boolean possibleInside() {
    return possibleInside;
  }
}
