// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

/** What a JVM throws where nobody expects it. */
final class Mishaps {
  private Mishaps() {}

  /** An error of one of the kinds that can come at any instruction, chosen by a number. */
  static Error error(int number) {
    return switch (number % 3) {
      case 0 -> new StackOverflowError("injected");
      case 1 -> new OutOfMemoryError("injected");
      default -> new AssertionError("injected");
    };
  }
}
