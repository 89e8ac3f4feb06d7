// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.mode;

import io.efirts.api.Outcome;

/**
 * Whether a dispatcher makes calls. The order of the constants is their code in the gate's word.
 *
 * <pre>
 *  OPEN --fault--> DISABLED --close--> CLOSED
 *    `--close--> DRAINING --deadline, nothing left, fault--> CLOSED
 * </pre>
 */
public enum DispatcherMode {
  /** Calls are accepted and made. */
  OPEN(Outcome.BUSY, true),
  /** Firmware faulted; no call is accepted or made any more. */
  DISABLED(Outcome.DISABLED, false),
  /** Closing: no call is accepted, those already queued are still made. */
  DRAINING(Outcome.CLOSED, true),
  /** Closed: no call is accepted or made. */
  CLOSED(Outcome.CLOSED, false);

  private static final DispatcherMode[] BY_CODE = values();

  private final Outcome refusal;
  private final boolean makesCalls;

  DispatcherMode(Outcome refusal, boolean makesCalls) {
    this.refusal = refusal;
    this.makesCalls = makesCalls;
  }

  /**
   * Whether new calls are accepted.
   *
   * @return true while open
   */
  public boolean acceptsCalls() {
    return this == OPEN;
  }

  /**
   * Whether calls that were accepted before are still made.
   *
   * @return true while firmware may be entered
   */
  public boolean makesCalls() {
    return makesCalls;
  }

  /**
   * What a caller is told whose call is not accepted.
   *
   * @return the outcome; BUSY while open, since nothing but a lack of room refuses a call then
   */
  public Outcome refusal() {
    return refusal;
  }

  /**
   * The mode with a code.
   *
   * @param code the constant's ordinal
   * @return the mode
   */
  public static DispatcherMode of(int code) {
    return BY_CODE[code];
  }
}
