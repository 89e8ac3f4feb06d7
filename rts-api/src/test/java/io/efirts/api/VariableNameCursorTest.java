// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spec.EfiGuid;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** A cursor keeps its place, also in a larger buffer, and trusts no size. */
class VariableNameCursorTest {
  private static final EfiGuid GUID = new EfiGuid(0x1122334455667788L, -2);

  private static void put(VariableNameCursor cursor, String name) {
    for (int i = 0; i < name.length(); i++) {
      cursor.nameBytes().set(ValueLayout.JAVA_BYTE, 2L * i, (byte) name.charAt(i));
    }
    GUID.write(cursor.guidBytes(), 0);
  }

  @Test
  void aNewCursorStandsBeforeTheFirstVariable() {
    VariableNameCursor cursor = new VariableNameCursor(8);
    assertEquals("", cursor.name());
    assertEquals(8, cursor.capacityBytes());
    assertEquals(8, cursor.sizeBytes());
  }

  @Test
  void restartingGoesBackThere() {
    VariableNameCursor cursor = new VariableNameCursor(16);
    put(cursor, "abc");
    cursor.sizeBytes(8);
    assertEquals("abc", cursor.name());
    cursor.restart();
    assertEquals("", cursor.name());
    assertEquals(16, cursor.sizeBytes());
  }

  @Test
  void aNameEndsWithTheBufferIfThereIsNoNul() {
    VariableNameCursor cursor = new VariableNameCursor(4);
    put(cursor, "ab");
    cursor.sizeBytes(-1);
    assertEquals("ab", cursor.name());
  }

  @Test
  void aLargerCursorStandsAtTheSamePlace() {
    VariableNameCursor cursor = new VariableNameCursor(8);
    put(cursor, "abc");
    VariableNameCursor larger = cursor.withCapacity(64);
    assertEquals("abc", larger.name());
    assertEquals(GUID, larger.guid());
    assertEquals(64, larger.capacityBytes());
    assertEquals(64, larger.sizeBytes());
    larger.nameBytes().copyFrom(MemorySegment.ofArray(new byte[64]));
    assertEquals("abc", cursor.name(), "the buffers are apart");
    assertEquals("abc", cursor.withCapacity(8).name());
  }

  @Test
  void capacitiesAreEvenAndDoNotShrink() {
    for (int capacity : new int[] {0, 1, 3, -2}) {
      assertEquals(
          "name capacity must be even and at least 2: capacityBytes=" + capacity,
          assertThrows(IllegalArgumentException.class, () -> new VariableNameCursor(capacity))
              .getMessage());
    }
    assertEquals(
        "new capacity must not be smaller: capacityBytes=6, current=8",
        assertThrows(
                IllegalArgumentException.class, () -> new VariableNameCursor(8).withCapacity(6))
            .getMessage());
  }
}
