// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

/** The ways in which a caller can make a call. */
enum Style {
  /** Typed, waited for. */
  BLOCKING,
  /** By words to a vendor's entry, waited for. */
  WORDS,
  /** Typed, started, delivered to a handler. */
  CALLBACK,
  /** Typed, started, asked for until it has ended. */
  POLL,
  /** Typed, started, delivered as a stage. */
  STAGE,
  /** Typed, past the queue. */
  DIRECT;

  /** Whether the caller waits inside the call. */
  boolean waits() {
    return this == BLOCKING || this == WORDS;
  }
}
