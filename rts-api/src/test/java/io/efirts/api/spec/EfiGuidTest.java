// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EfiGuidTest {
  private static final String GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
  private static final String GLOBAL_WIRE = "61dfe48bca93d211aa0d00e098032b8c";

  @Test
  void theWireFormIsMixedEndian() {
    MemorySegment memory = Wire.memory(16);

    EfiGuid.of(GLOBAL).write(memory, 0);

    assertEquals(GLOBAL_WIRE, Wire.hex(memory));
    assertEquals(GLOBAL, EfiGuid.read(memory, 0).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "8be4df61-93ca-11d2-aa0d-00e098032b8c, 61dfe48bca93d211aa0d00e098032b8c",
    "d719b2cb-3d3a-4596-a3bc-dad00e67656f, cbb219d73a3d9645a3bcdad00e67656f",
    "414e6bdd-e47b-47cc-b244-bb61020cf516, dd6b4e417be4cc47b244bb61020cf516"
  })
  void theSpecificationsNamespacesHaveTheirBytes(String text, String wire) {
    EfiGuid guid = EfiGuid.of(text);

    assertTrue(guid.matches(Wire.memory(wire), 0));
    assertTrue(
        guid.equals(VariableNamespace.GLOBAL)
            || guid.equals(VariableNamespace.IMAGE_SECURITY)
            || guid.equals(VariableNamespace.HARDWARE_ERROR));
  }

  @Test
  void fieldsAsInACHeaderGiveTheSameGuid() {
    assertEquals(
        EfiGuid.of(GLOBAL),
        EfiGuid.of(0x8BE4DF61, 0x93CA, 0x11D2, 0xAA, 0x0D, 0x00, 0xE0, 0x98, 0x03, 0x2B, 0x8C));
  }

  @Test
  void upperCaseIsTakenAndLowerCaseGiven() {
    assertEquals(GLOBAL, EfiGuid.of("8BE4DF61-93CA-11D2-AA0D-00E098032B8C").toString());
  }

  @Property(seed = "1")
  void textRoundTripAgreesWithTheJdksUuid(@ForAll long most, @ForAll long least) {
    UUID uuid = new UUID(most, least);

    EfiGuid guid = EfiGuid.of(uuid.toString());

    assertEquals(uuid.toString(), guid.toString());
    assertEquals(Long.reverseBytes(least), guid.wireHigh());
  }

  @Property(seed = "1")
  void wireRoundTripAtAnyAlignment(
      @ForAll long low, @ForAll long high, @ForAll @IntRange(max = 16) int offset) {
    MemorySegment memory = Wire.memory(32);
    EfiGuid guid = new EfiGuid(low, high);

    guid.write(memory, offset);

    assertEquals(guid, EfiGuid.read(memory, offset));
    assertEquals(guid.hashCode(), EfiGuid.read(memory, offset).hashCode());
    assertTrue(guid.matches(memory, offset));
    assertFalse(new EfiGuid(low ^ 1, high).matches(memory, offset));
    assertFalse(new EfiGuid(low, high ^ Long.MIN_VALUE).matches(memory, offset));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'guid must have 36 characters: guid=, length=0'",
    "{8be4df61-93ca-11d2-aa0d-00e098032b8c}, 'guid must have 36 characters:"
        + " guid={8be4df61-93ca-11d2-aa0d-00e098032b8c}, length=38'",
    "8be4df61+93ca-11d2-aa0d-00e098032b8c, 'guid must have a hyphen at index 8:"
        + " guid=8be4df61+93ca-11d2-aa0d-00e098032b8c'",
    "8be4df61-93ca-11d2-aa0d-00e098032b8g, 'guid must have a hex digit at index 35:"
        + " guid=8be4df61-93ca-11d2-aa0d-00e098032b8g'",
    "-be4df61-93ca-11d2-aa0d-00e098032b8c, 'guid must have a hex digit at index 0:"
        + " guid=-be4df61-93ca-11d2-aa0d-00e098032b8c'",
    "\u0661be4df61-93ca-11d2-aa0d-00e098032b8c, 'guid must have a hex digit at index 0:"
        + " guid=\u0661be4df61-93ca-11d2-aa0d-00e098032b8c'"
  })
  void anotherFormIsRejectedWithThePlace(String text, String message) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> EfiGuid.of(text)).getMessage());
  }

  @Test
  void fieldsThatDoNotFitAreRejected() {
    assertEquals(
        "data2 must be 0 to 65535: data2=65536",
        assertThrows(IllegalArgumentException.class, () -> EfiGuid.of(0, 0x10000, 0)).getMessage());
    assertEquals(
        "data4 must have 8 bytes: length=7",
        assertThrows(IllegalArgumentException.class, () -> EfiGuid.of(0, 0, 0, 1, 2, 3, 4, 5, 6, 7))
            .getMessage());
    assertEquals(
        "data4[7] must be 0 to 255: data4[7]=256",
        assertThrows(
                IllegalArgumentException.class, () -> EfiGuid.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 256))
            .getMessage());
  }

  @Test
  void missingArgumentsAreNamed() {
    assertEquals(
        "guid must be given: guid=null",
        assertThrows(NullPointerException.class, () -> EfiGuid.of((String) null)).getMessage());
    assertEquals(
        "memory must be given: memory=null",
        assertThrows(NullPointerException.class, () -> EfiGuid.read(null, 0)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1, 0xffffffffffffffff", "1, 0x1", "9223372036854775807, 0x7fffffffffffffff"})
  void bytesOutsideTheMemoryAreRejected(long offset, String shown) {
    MemorySegment memory = Wire.memory(16);
    EfiGuid guid = EfiGuid.of(GLOBAL);
    String message =
        "offset must leave room for an EFI_GUID: offset=" + shown + ", size=16, limit=0x10";

    assertEquals(
        message,
        assertThrows(IndexOutOfBoundsException.class, () -> EfiGuid.read(memory, offset))
            .getMessage());
    assertEquals(
        message,
        assertThrows(IndexOutOfBoundsException.class, () -> guid.write(memory, offset))
            .getMessage());
    assertEquals(
        message,
        assertThrows(IndexOutOfBoundsException.class, () -> guid.matches(memory, offset))
            .getMessage());
  }
}
