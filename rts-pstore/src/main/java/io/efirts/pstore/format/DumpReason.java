// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

/** Why a log is dumped, from the most to the least pressing after the first. */
public enum DumpReason {
  /** Not given. */
  UNDEFINED("Unknown"),
  /** The system cannot go on. */
  PANIC("Panic"),
  /** Something failed and the system goes on. */
  OOPS("Oops"),
  /** An emergency restart. */
  EMERGENCY("Emergency"),
  /** An ordinary halt, restart or power-off. */
  SHUTDOWN("Shutdown");

  private final String title;

  DumpReason(String title) {
    this.title = title;
  }

  /**
   * How a record's first line begins.
   *
   * @return a word of ASCII letters
   */
  public String title() {
    return title;
  }
}
