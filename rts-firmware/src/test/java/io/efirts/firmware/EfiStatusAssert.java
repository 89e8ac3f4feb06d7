// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiStatus;

/** Compares status words by name, so that a failure can be read. */
public final class EfiStatusAssert {
  private EfiStatusAssert() {}

  public static void assertStatus(EfiStatus expected, long actual) {
    assertEquals(expected.toString(), EfiStatus.of(actual).toString());
  }
}
