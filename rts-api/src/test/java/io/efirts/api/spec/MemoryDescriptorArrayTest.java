// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryDescriptorArrayTest {
  private static final EfiMemoryDescriptor CODE =
      new EfiMemoryDescriptor(
          MemoryType.RUNTIME_SERVICES_CODE,
          0x1F5E_C000L,
          0xFFFF_FFFE_FF1E_C000L,
          0x100,
          0x8000_0000_0000_000FL);
  private static final EfiMemoryDescriptor MMIO =
      new EfiMemoryDescriptor(
          MemoryType.MEMORY_MAPPED_IO,
          0xFFC0_0000L,
          0xFFFF_FFFE_FFC0_0000L,
          0x400,
          0x8000_0000_0000_0001L);

  @Test
  void descriptorsLie48BytesApartWithNothingBetween() {
    MemorySegment memory = Wire.memory(100).fill((byte) 0xEE);

    MemoryDescriptorArray.write(
        memory, MemoryDescriptorArray.DEFAULT_DESCRIPTOR_SIZE, List.of(CODE, MMIO));

    assertEquals(
        "0500000000000000"
            + "00c05e1f00000000"
            + "00c01efffeffffff"
            + "0001000000000000"
            + "0f00000000000080"
            + "0000000000000000"
            + "0b00000000000000"
            + "0000c0ff00000000"
            + "0000c0fffeffffff"
            + "0004000000000000"
            + "0100000000000080"
            + "0000000000000000"
            + "eeeeeeee",
        Wire.hex(memory));
  }

  @Property(seed = "1")
  void whatIsWrittenIsRead(
      @ForAll @IntRange(min = 5, max = 16) int words, @ForAll @IntRange(max = 5) int pairs) {
    int descriptorSize = 8 * words;
    List<EfiMemoryDescriptor> descriptors =
        IntStream.range(0, pairs).boxed().flatMap(i -> Stream.of(CODE, MMIO)).toList();
    MemorySegment memory =
        Wire.memory((int) MemoryDescriptorArray.sizeBytes(2 * pairs, descriptorSize));

    MemoryDescriptorArray.write(memory, descriptorSize, descriptors);

    assertEquals(descriptors, MemoryDescriptorArray.read(memory, descriptorSize, 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -48, 0, 1, 32, 39, 41, 44, 47, 49})
  void aDescriptorSizeThatCannotBeIsRefused(long descriptorSize) {
    String message =
        "descriptorSize must be at least 40 and a multiple of 8: descriptorSize=" + descriptorSize;

    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> MemoryDescriptorArray.read(Wire.memory(96), descriptorSize, 1))
            .getMessage());
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> MemoryDescriptorArray.write(Wire.memory(96), descriptorSize, List.of(CODE)))
            .getMessage());
  }

  @Test
  void anotherVersionIsRefused() {
    assertEquals(
        "descriptorVersion must be 1: descriptorVersion=2",
        assertThrows(
                IllegalArgumentException.class,
                () -> MemoryDescriptorArray.read(Wire.memory(96), 48, 2))
            .getMessage());
  }

  @Test
  void anArrayThatIsCutOffIsRefused() {
    assertEquals(
        "array must be a multiple of descriptorSize: size=0x5f, descriptorSize=48",
        assertThrows(
                IllegalArgumentException.class,
                () -> MemoryDescriptorArray.read(Wire.memory(95), 48, 1))
            .getMessage());
  }

  @Test
  void whereThereIsNoRoomNothingIsWritten() {
    MemorySegment memory = Wire.memory(95);

    assertThrows(
        IndexOutOfBoundsException.class,
        () -> MemoryDescriptorArray.write(memory, 48, List.of(CODE, MMIO)));

    assertEquals("00".repeat(95), Wire.hex(memory));
  }

  @Test
  void aSizeThatDoesNotFitIsNotAskedFor() {
    assertThrows(
        ArithmeticException.class, () -> MemoryDescriptorArray.sizeBytes(2, Long.MAX_VALUE - 7));
    assertThrows(IllegalArgumentException.class, () -> MemoryDescriptorArray.sizeBytes(-1, 48));
  }
}
