// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EfiMemoryDescriptorTest {
  private static final EfiMemoryDescriptor RUNTIME_CODE =
      new EfiMemoryDescriptor(
          MemoryType.RUNTIME_SERVICES_CODE,
          0x7EBE000L,
          0xFFFFFFFEFFBE000L,
          0x100,
          MemoryAttributes.WB | MemoryAttributes.RUNTIME);

  @Test
  void fieldsLieWhereTheSpecificationPutsThem() {
    MemorySegment memory = MemorySegment.ofArray(new byte[40]).fill((byte) 0xEE);

    RUNTIME_CODE.write(memory, 0);

    assertEquals(
        "05000000"
            + "00000000"
            + "00e0eb0700000000"
            + "00e0fbefffffff0f"
            + "0001000000000000"
            + "0800000000000080",
        Wire.hex(memory));
  }

  @Property(seed = "1")
  void entriesLieDescriptorSizeApartAndLeaveTheRestAlone(
      @ForAll int type,
      @ForAll long physicalStart,
      @ForAll long virtualStart,
      @ForAll long numberOfPages,
      @ForAll long attribute,
      @ForAll @IntRange(min = 40, max = 64) int descriptorSize,
      @ForAll @IntRange(max = 3) int index) {
    MemorySegment map = Wire.memory(4 * descriptorSize).fill((byte) 0xEE);
    EfiMemoryDescriptor descriptor =
        new EfiMemoryDescriptor(type, physicalStart, virtualStart, numberOfPages, attribute);
    int start = index * descriptorSize;

    descriptor.writeEntry(map, descriptorSize, index);

    assertEquals(descriptor, EfiMemoryDescriptor.readEntry(map, descriptorSize, index));
    assertEquals(descriptor, EfiMemoryDescriptor.read(map, start));
    String bytes = Wire.hex(map);
    assertEquals("ee".repeat(start), bytes.substring(0, 2 * start));
    assertEquals("ee".repeat(4 * descriptorSize - start - 40), bytes.substring(2 * (start + 40)));
  }

  @Test
  void aLastEntryNeedsOnlyItsOwn40Bytes() {
    MemorySegment map = Wire.memory(48 + 40);

    RUNTIME_CODE.writeEntry(map, 48, 1);

    assertEquals(RUNTIME_CODE, EfiMemoryDescriptor.readEntry(map, 48, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 'index must name an entry of the map: index=-1, descriptorSize=48, limit=0x58'",
    "2, 'index must name an entry of the map: index=2, descriptorSize=48, limit=0x58'",
    "9223372036854775807, 'index must name an entry of the map: index=9223372036854775807,"
        + " descriptorSize=48, limit=0x58'"
  })
  void anEntryOutsideTheMapIsRejected(long index, String message) {
    MemorySegment map = Wire.memory(48 + 40);

    assertEquals(
        message,
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> EfiMemoryDescriptor.readEntry(map, 48, index))
            .getMessage());
  }

  @Test
  void anEntryThatIsCutOffIsRejected() {
    assertEquals(
        "offset must leave room for an EFI_MEMORY_DESCRIPTOR: offset=0x30, size=40, limit=0x57",
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> EfiMemoryDescriptor.readEntry(Wire.memory(48 + 39), 48, 1))
            .getMessage());
  }

  @Test
  void aDescriptorSizeBelow40IsRejected() {
    assertEquals(
        "descriptorSize must be at least 40: descriptorSize=39",
        assertThrows(
                IllegalArgumentException.class,
                () -> EfiMemoryDescriptor.readEntry(Wire.memory(80), 39, 0))
            .getMessage());
  }

  @Test
  void onlyTheRuntimeBitMakesARuntimeRange() {
    assertTrue(RUNTIME_CODE.isRuntime());
    assertFalse(
        new EfiMemoryDescriptor(
                MemoryType.RUNTIME_SERVICES_CODE, 0, 0, 1, ~MemoryAttributes.RUNTIME)
            .isRuntime());
  }

  @Test
  void theTextHasNamesAndHexAddresses() {
    assertEquals(
        "EfiRuntimeServicesCode physicalStart=0x7ebe000 virtualStart=0xfffffffeffbe000"
            + " numberOfPages=256 attribute=WB|RUNTIME",
        RUNTIME_CODE.toString());
  }
}
