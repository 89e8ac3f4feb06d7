// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.report;

/** What became of a dump. */
public enum DumpOutcome {
  /** All of it is in the store. */
  WRITTEN,
  /** Some of it waits in the deferred lane, and nothing is lost. */
  DEFERRED,
  /** Some of it, or of what waited before it, is lost; which records is reported. */
  LOST,
  /** There is none: its reason is not dumped, another dump was under way, or the log is empty. */
  SKIPPED
}
