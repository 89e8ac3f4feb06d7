// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class EfiTimeCapabilitiesTest {
  @Test
  void aPcClockHasItsBytes() {
    MemorySegment memory = MemorySegment.ofArray(new byte[12]).fill((byte) 0xEE);

    new EfiTimeCapabilities(1, 50_000_000, false).write(memory, 0);

    assertEquals("01000000" + "80f0fa02" + "00000000", Wire.hex(memory));
  }

  @Property(seed = "1")
  void recordAndHolderReadWhatWasWritten(
      @ForAll @LongRange(max = 0xFFFF_FFFFL) long resolution,
      @ForAll @LongRange(max = 0xFFFF_FFFFL) long accuracy,
      @ForAll boolean setsToZero) {
    MemorySegment memory = Wire.memory(13);
    EfiTimeCapabilities capabilities = new EfiTimeCapabilities(resolution, accuracy, setsToZero);
    EfiTimeCapabilitiesHolder holder = new EfiTimeCapabilitiesHolder();

    capabilities.write(memory, 1);
    holder.read(memory, 1);

    assertEquals(capabilities, EfiTimeCapabilities.read(memory, 1));
    assertEquals(capabilities, holder.toEfiTimeCapabilities());
    assertEquals(resolution, holder.resolution());
    assertEquals(accuracy, holder.accuracy());
    assertEquals(setsToZero, holder.setsToZero());
    assertEquals(capabilities.toString(), holder.toString());
  }

  @Test
  void everyBooleanButZeroIsTrue() {
    MemorySegment memory = Wire.memory("01000000" + "00000000" + "80ffffff");
    EfiTimeCapabilitiesHolder holder = new EfiTimeCapabilitiesHolder();

    holder.read(memory, 0);

    assertTrue(holder.setsToZero());
    assertTrue(EfiTimeCapabilities.read(memory, 0).setsToZero());
  }

  @Test
  void misuseIsNamed() {
    assertEquals(
        "resolution must be 0 to 4294967295: resolution=-1",
        assertThrows(IllegalArgumentException.class, () -> new EfiTimeCapabilities(-1, 0, false))
            .getMessage());
    assertEquals(
        "accuracy must be 0 to 4294967295: accuracy=4294967296",
        assertThrows(
                IllegalArgumentException.class,
                () -> new EfiTimeCapabilities(0, 0x1_0000_0000L, false))
            .getMessage());
    assertEquals(
        "offset must leave room for an EFI_TIME_CAPABILITIES: offset=0x0, size=12, limit=0xb",
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> new EfiTimeCapabilitiesHolder().read(Wire.memory(11), 0))
            .getMessage());
  }
}
