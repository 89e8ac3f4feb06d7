// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/** One entry that was made invalid, and what it is going to be. Told apart by identity. */
final class BrokenEntry {
  final long table;
  final int index;

  /** How much a processor may have cached for it: what it translated, or all of its run. */
  final long reach;

  /** What the entry will be; not valid if nothing follows. */
  long next;

  BrokenEntry(long table, int index, long reach, long next) {
    this.table = table;
    this.index = index;
    this.reach = reach;
    this.next = next;
  }
}
