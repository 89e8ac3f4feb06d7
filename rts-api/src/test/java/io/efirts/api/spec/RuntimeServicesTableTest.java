// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuntimeServicesTableTest {
  private static final int AT = 5;

  private static MemorySegment table64() {
    MemorySegment memory = Wire.memory(AT + 136 + 3);
    RuntimeServicesTable.writeHeader(
        memory, AT, RuntimeServicesTable.REVISION_2_10, RuntimeServicesTable.SIZE_64_BYTES);
    for (RuntimeService service : RuntimeService.values()) {
      RuntimeServicesTable.writeFunctionPointer64(
          memory, AT, service, 0xFFFF_8000_0000_0000L + service.ordinal());
    }
    RuntimeServicesTable.updateCrc32(memory, AT);
    return memory;
  }

  @Test
  void theHeaderHasItsBytes() {
    MemorySegment memory = MemorySegment.ofArray(new byte[136]).fill((byte) 0xEE);

    RuntimeServicesTable.writeHeader(
        memory, 0, RuntimeServicesTable.REVISION_2_10, RuntimeServicesTable.SIZE_64_BYTES);

    byte[] bytes = memory.toArray(ValueLayout.JAVA_BYTE);
    assertEquals("RUNTSERV", new String(bytes, 0, 8, StandardCharsets.US_ASCII));
    assertEquals(
        "64000200" + "88000000" + "00000000" + "00000000", Wire.hex(memory.asSlice(8, 16)));
    assertEquals("ee".repeat(112), Wire.hex(memory.asSlice(24)));
  }

  @Test
  void revisionsAndSizesAreThoseOfTheSpecification() {
    assertEquals(0x0001000A, RuntimeServicesTable.REVISION_1_10);
    assertEquals(0x00020000, RuntimeServicesTable.REVISION_2_0);
    assertEquals(0x00020046, RuntimeServicesTable.REVISION_2_7);
    assertEquals(0x00020064, RuntimeServicesTable.REVISION_2_10);
    assertEquals(0x0002006E, RuntimeServicesTable.REVISION_2_11);
    assertEquals(24 + 14 * 8, RuntimeServicesTable.SIZE_64_BYTES);
    assertEquals(24 + 14 * 4, RuntimeServicesTable.SIZE_32_BYTES);
  }

  @Property(seed = "1")
  void theChecksumIsTheJdksOverACopyWithAZeroField(@ForAll @Size(136) byte[] content) {
    MemorySegment memory = MemorySegment.ofArray(content);
    memory.set(Wire.INT, 12, 136);
    byte[] copy = content.clone();
    Arrays.fill(copy, 16, 20, (byte) 0);
    CRC32 independent = new CRC32();
    independent.update(copy);

    assertEquals((int) independent.getValue(), RuntimeServicesTable.computeCrc32(memory, 0));
  }

  @Test
  void theChecksumNeedsNoParticularKindOfMemory() {
    MemorySegment onHeap = table64().asSlice(AT, 136);
    int expected = RuntimeServicesTable.computeCrc32(onHeap, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment offHeap = arena.allocate(136).copyFrom(onHeap);
      MemorySegment longs = MemorySegment.ofArray(new long[17]).copyFrom(onHeap);

      assertEquals(expected, RuntimeServicesTable.computeCrc32(offHeap, 0));
      assertEquals(expected, RuntimeServicesTable.computeCrc32(longs, 0));
    }
  }

  @Test
  void aTableAsWrittenIsSound() {
    assertEquals(Optional.empty(), RuntimeServicesTable.verify64(table64(), AT));
  }

  @Test
  void aLargerTableOfALaterRevisionIsSound() {
    MemorySegment memory = Wire.memory(160);
    RuntimeServicesTable.writeHeader(memory, 0, 3 << 16, 160);
    RuntimeServicesTable.updateCrc32(memory, 0);

    assertEquals(Optional.empty(), RuntimeServicesTable.verify64(memory, 0));
  }

  @ParameterizedTest
  @CsvSource({"80, 0x00020064, true", "79, 0x00020064, false", "68, 0x0001000a, true"})
  void a32BitTableHoldsTheServicesOfItsRevision(int size, String revision, boolean sound) {
    MemorySegment memory = Wire.memory(80);
    RuntimeServicesTable.writeHeader(memory, 0, Integer.decode(revision), size);
    RuntimeServicesTable.updateCrc32(memory, 0);

    assertEquals(sound, RuntimeServicesTable.verify32(memory, 0).isEmpty());
  }

  @Test
  void aTableBeforeRevision2MayBeShorter() {
    MemorySegment memory = Wire.memory(112);
    RuntimeServicesTable.writeHeader(memory, 0, RuntimeServicesTable.REVISION_1_10, 112);
    RuntimeServicesTable.updateCrc32(memory, 0);

    assertEquals(Optional.empty(), RuntimeServicesTable.verify64(memory, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x53, 'signature must be 0x56524553544e5552: signature=0x56524553544e5553'",
    "12, 0x87, 'headerSize must be 0x88 to 0x8b: headerSize=0x87'",
    "12, 0x8c, 'headerSize must be 0x88 to 0x8b: headerSize=0x8c'",
    "15, 0xff, 'headerSize must be 0x88 to 0x8b: headerSize=0xff000088'"
  })
  void aBrokenHeaderIsExplained(int field, String value, String reason) {
    MemorySegment memory = table64();
    memory.set(ValueLayout.JAVA_BYTE, AT + field, Integer.decode(value).byteValue());

    assertEquals(Optional.of(reason), RuntimeServicesTable.verify64(memory, AT));
  }

  @Property(seed = "1")
  void aChangedByteBehindTheHeaderIsFound(
      @ForAll @IntRange(min = 24, max = 135) int place,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    MemorySegment memory = table64();
    int stored = memory.get(Wire.INT, AT + 16);
    byte old = memory.get(ValueLayout.JAVA_BYTE, AT + place);
    memory.set(ValueLayout.JAVA_BYTE, AT + place, (byte) (old ^ change));

    assertEquals(
        Optional.of(
            "crc32 must be 0x"
                + Integer.toHexString(RuntimeServicesTable.computeCrc32(memory, AT))
                + ": crc32=0x"
                + Integer.toHexString(stored)),
        RuntimeServicesTable.verify64(memory, AT));
  }

  @Test
  void aReservedWordThatIsSetIsExplained() {
    MemorySegment memory = table64();
    memory.set(ValueLayout.JAVA_BYTE, AT + 20, (byte) 1);
    RuntimeServicesTable.updateCrc32(memory, AT);

    assertEquals(
        Optional.of("reserved must be 0: reserved=0x1"), RuntimeServicesTable.verify64(memory, AT));
  }

  @ParameterizedTest
  @CsvSource({"-1, 0xffffffffffffffff", "121, 0x79", "9223372036854775807, 0x7fffffffffffffff"})
  void aHeaderOutsideTheMemoryIsExplained(long offset, String shown) {
    assertEquals(
        Optional.of("offset must leave room for the header: offset=" + shown),
        RuntimeServicesTable.verify64(table64(), offset));
  }

  @ParameterizedTest
  @EnumSource(RuntimeService.class)
  void aFunctionPointerIsReadFromItsPlace(RuntimeService service) {
    MemorySegment wide = table64();
    MemorySegment narrow = Wire.memory(80);
    RuntimeServicesTable.writeFunctionPointer32(narrow, 0, service, 0xFFFF_FFF0L);

    assertEquals(
        0xFFFF_8000_0000_0000L + service.ordinal(),
        RuntimeServicesTable.readFunctionPointer64(wide, AT, service));
    assertEquals(
        0xFFFF_8000_0000_0000L + service.ordinal(),
        wide.get(Wire.LONG, AT + 24 + 8L * service.ordinal()));
    assertEquals(0xFFFF_FFF0L, RuntimeServicesTable.readFunctionPointer32(narrow, 0, service));
    assertEquals(0xFFFF_FFF0, narrow.get(Wire.INT, 24 + 4L * service.ordinal()));
  }

  @Test
  void misuseIsNamed() {
    MemorySegment memory = Wire.memory(136);
    assertEquals(
        "sizeBytes must be 24 to 2147483647: sizeBytes=23",
        assertThrows(
                IllegalArgumentException.class,
                () -> RuntimeServicesTable.writeHeader(memory, 0, 0, 23))
            .getMessage());
    assertEquals(
        "headerSize must be 24 to 4294967295: headerSize=0",
        assertThrows(
                IllegalArgumentException.class, () -> RuntimeServicesTable.computeCrc32(memory, 0))
            .getMessage());
    assertEquals(
        "offset must leave room for an EFI_RUNTIME_SERVICES: offset=0x1, size=136, limit=0x88",
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> RuntimeServicesTable.writeHeader(memory, 1, 0, 136))
            .getMessage());
    assertEquals(
        "address must be below 0x100000000: address=0x100000000",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    RuntimeServicesTable.writeFunctionPointer32(
                        memory, 0, RuntimeService.GET_TIME, 0x1_0000_0000L))
            .getMessage());
    assertEquals(
        "service must be given: service=null",
        assertThrows(
                NullPointerException.class,
                () -> RuntimeServicesTable.readFunctionPointer64(memory, 0, null))
            .getMessage());
    assertEquals(
        "offset must leave room for an EFI_RUNTIME_SERVICES: offset=0x1, size=136, limit=0x88",
        assertThrows(
                IndexOutOfBoundsException.class,
                () ->
                    RuntimeServicesTable.readFunctionPointer64(
                        memory, 1, RuntimeService.QUERY_VARIABLE_INFO))
            .getMessage());
  }
}
