// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

/** Where the owner of the gate stands. The order of the constants is their code. */
public enum GatePhase {
  /** Nobody has the gate. */
  FREE,
  /** Acquired; the firmware was not entered, or was left again. */
  HELD,
  /** The owner is inside the firmware. */
  ENTERED,
  /** The owner was given up on, and is perhaps still inside. Never becomes free again. */
  WEDGED;

  private static final GatePhase[] BY_CODE = values();

  static GatePhase of(int code) {
    return BY_CODE[code];
  }
}
