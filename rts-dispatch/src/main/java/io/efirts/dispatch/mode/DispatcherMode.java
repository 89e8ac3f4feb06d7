// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.mode;

import io.efirts.api.Outcome;

/**
 * Whether calls are made. The order of the constants is their code in the gate's word.
 *
 * <pre>
 *  OPEN --fault, wedge, dead worker--> DISABLED --re-arm, probe passed--> OPEN (of a new instance)
 *    |   |                                |
 *    |   `--close--> DRAINING --> CLOSED -'
 *    `--panic--> EMERGENCY --reset--> DEAD        (from OPEN, DISABLED and DRAINING)
 * </pre>
 */
public enum DispatcherMode {
  /** Calls are made. */
  OPEN(Outcome.BUSY, true),
  /** Firmware faulted or hangs, or the worker died; no call is accepted or made. */
  DISABLED(Outcome.DISABLED, false),
  /** Closing: no call is accepted, those already queued are still made. */
  DRAINING(Outcome.CLOSED, true),
  /** Closed: no call is accepted or made. */
  CLOSED(Outcome.CLOSED, false),
  /** A panicking thread has taken the firmware over. */
  EMERGENCY(Outcome.EMERGENCY, false),
  /** The emergency is over, and with it the use of this firmware. */
  DEAD(Outcome.EMERGENCY, false),
  /**
   * This firmware instance was disabled and another one serves in its place. A dispatcher's own
   * mode is that of the other one, never this.
   */
  REPLACED(Outcome.DISABLED, false);

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
   * @return true while firmware may be entered by ordinary calls
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
   * The mode after a fault: nothing that is queued may reach a firmware that has faulted.
   *
   * @return DISABLED for OPEN, CLOSED for DRAINING, otherwise this mode itself
   */
  public DispatcherMode afterFault() {
    return switch (this) {
      case OPEN -> DISABLED;
      case DRAINING -> CLOSED;
      default -> this;
    };
  }

  /**
   * Whether a panic may take the firmware over.
   *
   * @return true unless another one did, or the dispatcher is closed or this instance replaced
   */
  public boolean allowsEmergency() {
    return this == OPEN || this == DISABLED || this == DRAINING;
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
