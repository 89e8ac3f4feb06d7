// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;

/**
 * Rejects misuse of this package with a message that holds the rule, the name and the value.
 * Allocates only when it throws.
 */
final class SpecChecks {
  private SpecChecks() {}

  static <T> T requireGiven(T value, String name) {
    if (value == null) {
      throw new NullPointerException(name + " must be given: " + name + "=null");
    }
    return value;
  }

  static void requireRange(MemorySegment memory, long offset, long sizeBytes, String structure) {
    requireGiven(memory, "memory");
    long limit = memory.byteSize();
    if (offset < 0 || offset > limit - sizeBytes) {
      throw new IndexOutOfBoundsException(
          "offset must leave room for "
              + structure
              + ": offset="
              + hex(offset)
              + ", size="
              + sizeBytes
              + ", limit="
              + hex(limit));
    }
  }

  static void requireWithin(long value, long minimum, long maximum, String name) {
    if (value < minimum || value > maximum) {
      throw new IllegalArgumentException(
          name + " must be " + minimum + " to " + maximum + ": " + name + "=" + value);
    }
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
