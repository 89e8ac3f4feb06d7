// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EfiCapsuleHeaderTest {
  @Test
  void fieldsLieWhereTheSpecificationPutsThem() {
    MemorySegment memory = Wire.memory(28);

    new EfiCapsuleHeader(VariableNamespace.GLOBAL, 0x20, 0x00050001, 0x1000).write(memory, 0);

    assertEquals(
        "61dfe48bca93d211aa0d00e098032b8c" + "20000000" + "01000500" + "00100000",
        Wire.hex(memory));
  }

  @Property(seed = "1")
  void anyWireValueComesBack(
      @ForAll long guidLow,
      @ForAll @LongRange(max = 0xFFFF_FFFFL) long headerSize,
      @ForAll int flags,
      @ForAll @LongRange(max = 0xFFFF_FFFFL) long imageSize) {
    MemorySegment memory = Wire.memory(31);
    EfiCapsuleHeader header =
        new EfiCapsuleHeader(new EfiGuid(guidLow, ~guidLow), headerSize, flags, imageSize);

    header.write(memory, 3);

    assertEquals(header, EfiCapsuleHeader.read(memory, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "0x00000000, true",
    "0x0000ffff, true",
    "0x00010000, true",
    "0x00020000, false",
    "0x00030000, true",
    "0x00040000, false",
    "0x00050000, true",
    "0x00060000, false",
    "0x00070000, true",
    "0x0002ffff, false"
  })
  void populateAndInitiateNeedPersist(String flags, boolean legal) {
    assertEquals(
        legal,
        new EfiCapsuleHeader(VariableNamespace.GLOBAL, 28, Integer.decode(flags), 28)
            .hasLegalFlags());
  }

  @Test
  void misuseIsNamed() {
    assertEquals(
        "capsuleGuid must be given: capsuleGuid=null",
        assertThrows(NullPointerException.class, () -> new EfiCapsuleHeader(null, 0, 0, 0))
            .getMessage());
    assertEquals(
        "headerSize must be 0 to 4294967295: headerSize=-1",
        assertThrows(
                IllegalArgumentException.class,
                () -> new EfiCapsuleHeader(VariableNamespace.GLOBAL, -1, 0, 0))
            .getMessage());
    assertEquals(
        "capsuleImageSize must be 0 to 4294967295: capsuleImageSize=4294967296",
        assertThrows(
                IllegalArgumentException.class,
                () -> new EfiCapsuleHeader(VariableNamespace.GLOBAL, 0, 0, 1L << 32))
            .getMessage());
    assertEquals(
        "offset must leave room for an EFI_CAPSULE_HEADER: offset=0x0, size=28, limit=0x1b",
        assertThrows(
                IndexOutOfBoundsException.class, () -> EfiCapsuleHeader.read(Wire.memory(27), 0))
            .getMessage());
  }
}
