// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RtPropertiesTest {
  @Test
  void theTableHasItsKeyAndItsBytes() {
    MemorySegment memory = Wire.memory(8);

    RtProperties.of(0x3FFF).write(memory, 0);

    assertEquals("0100" + "0800" + "ff3f0000", Wire.hex(memory));
    assertEquals(RtProperties.of(RtProperties.ALL_SERVICES), RtProperties.read(memory, 0));
    assertEquals("eb66918a-7eef-402a-842e-931d21c38ae9", RtProperties.GUID.toString());
  }

  @Test
  void theBitsOfTheServicesAreAllOfTheMaskAndNoneTwice() {
    int seen = 0;
    for (RuntimeService service : RuntimeService.values()) {
      assertEquals(0, seen & service.rtPropertiesBit());
      seen |= service.rtPropertiesBit();
    }

    assertEquals(RtProperties.ALL_SERVICES, seen);
  }

  @ParameterizedTest
  @EnumSource(RuntimeService.class)
  void aServiceIsSupportedByItsOwnBitAlone(RuntimeService service) {
    assertTrue(RtProperties.of(service.rtPropertiesBit()).supports(service));
    assertFalse(RtProperties.of(~service.rtPropertiesBit()).supports(service));
  }

  @ParameterizedTest
  @CsvSource({"1, 8, true", "0, 8, false", "2, 8, false", "1, 7, false", "1, 16, false"})
  void onlyTheKnownLayoutIsValid(int version, int length, boolean valid) {
    assertEquals(valid, new RtProperties(version, length, 0).isValid());
  }

  @Test
  void unsignedFieldsStayUnsigned() {
    assertEquals(
        new RtProperties(0xFFFF, 0xFFFE, -1),
        RtProperties.read(Wire.memory("fffffeffffffffff"), 0));
  }

  @Test
  void misuseIsNamed() {
    assertEquals(
        "version must be 0 to 65535: version=65536",
        assertThrows(IllegalArgumentException.class, () -> new RtProperties(65536, 8, 0))
            .getMessage());
    assertEquals(
        "service must be given: service=null",
        assertThrows(NullPointerException.class, () -> RtProperties.of(0).supports(null))
            .getMessage());
    assertEquals(
        "offset must leave room for an EFI_RT_PROPERTIES_TABLE: offset=0x1, size=8, limit=0x8",
        assertThrows(IndexOutOfBoundsException.class, () -> RtProperties.read(Wire.memory(8), 1))
            .getMessage());
  }
}
