// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

/** The path that has the gate. The order of the constants is their code. */
public enum GateOwner {
  /** Nobody. */
  NOBODY,
  /** The worker, for a queued call. */
  WORKER,
  /** A thread that makes a non-blocking call itself. */
  BYPASS,
  /** A thread that resets the system. */
  RESET,
  /** The panicking thread. */
  EMERGENCY;

  private static final GateOwner[] BY_CODE = values();

  static GateOwner of(int code) {
    return BY_CODE[code];
  }
}
