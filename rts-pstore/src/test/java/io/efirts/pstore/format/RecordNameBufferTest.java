// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Composing a name in place; that it is the right one is proven by {@link RecordNameTest}. */
class RecordNameBufferTest {
  private final RecordNameBuffer buffer = new RecordNameBuffer();

  @Test
  void isEmptyAtFirst() {
    assertEquals(0, buffer.length());
    assertEquals("", buffer.toString());
  }

  @Test
  void aShorterNameLeavesNothingOfALongerOne() {
    buffer.set(0, 10, 123, 1795198944L, true);
    buffer.set(0, 1, 2, 3, false);

    assertEquals("dump-type0-1-2-3-D", buffer.toString());
    assertEquals(18, buffer.length());
    assertEquals('D', buffer.charAt(17));
  }

  @Test
  void misuseIsNamedAndChangesNothing() {
    buffer.set(0, 1, 2, 3, true);

    assertEquals(
        "numbers in a name must not be negative: type=0, part=1, count=2, seconds=-1",
        assertThrows(IllegalArgumentException.class, () -> buffer.set(0, 1, 2, -1, true))
            .getMessage());
    assertEquals("dump-type0-1-2-3-C", buffer.toString());
    assertEquals(
        "index must be within the name: index=18, length=18",
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.charAt(18)).getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> buffer.charAt(-1));
  }
}
