// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

/** One entry's time with interrupts masked by firmware. Plain fields, for the entry's thread. */
final class MaskedSpan {
  /** What the entry found; firmware is not to blame for it. */
  long allowed;

  boolean masked;
  long sinceNanos;
  long nanos;

  /** The entry that this one is nested in, or null. */
  MaskedSpan outer;
}
