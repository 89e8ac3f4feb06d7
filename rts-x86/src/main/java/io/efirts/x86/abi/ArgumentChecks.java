// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.abi;

/** What both conventions refuse. */
final class ArgumentChecks {
  private static final int STACK_ALIGNMENT = 16;

  private ArgumentChecks() {}

  static void requireAlignedStack(long stackPointer) {
    if (stackPointer % STACK_ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "stack pointer must be a multiple of 16 before a call: stackPointer=0x"
              + Long.toHexString(stackPointer));
    }
  }

  static void requireRoom(int count, long[] into) {
    if (count < 0 || count > into.length) {
      throw new IllegalArgumentException(
          "arguments must fit the array: count=" + count + ", length=" + into.length);
    }
  }

  /** What is pushed is padded so that the stack stays aligned. */
  static long aligned(long bytes) {
    return bytes + STACK_ALIGNMENT - 1 & -STACK_ALIGNMENT;
  }
}
