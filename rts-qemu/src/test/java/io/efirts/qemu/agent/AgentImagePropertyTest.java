// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MappedPages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Whatever lies where the agent's image should: pages within it, or a clear refusal. */
class AgentImagePropertyTest {
  private static final long BASE = 0x900_0000;

  @Property
  void bytesAreNoImage(@ForAll @Size(max = 300) byte[] bytes) {
    MemorySegment image = MemorySegment.ofArray(new byte[4096]);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, image, 0, bytes.length);
    assertSound(image, BASE);
  }

  @Property
  void headersThatWereChangedAreRefusedOrHarmless(
      @ForAll AgentArch arch,
      @ForAll @IntRange(max = 0x400) int at,
      @ForAll int value,
      @ForAll @LongRange(min = 0, max = 0x2_0000) long basePage) {
    MemorySegment image = LoadedProgram.of(arch).bytes();
    image.set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
    assertSound(image, basePage * 4096);
  }

  @Property
  void anImageThatIsTooShortForItsHeadersIsRefused(
      @ForAll AgentArch arch, @ForAll @IntRange(max = 0x400) int length) {
    assertSound(LoadedProgram.of(arch).bytes().asSlice(0, length), BASE);
  }

  private static void assertSound(MemorySegment image, long base) {
    List<MappedPages> sections;
    try {
      sections = AgentImage.sections(image, base);
    } catch (AgentException e) {
      assertNotNull(e.getMessage());
      return;
    }
    long end = base + (image.byteSize() + 4095) / 4096 * 4096;
    for (MappedPages section : sections) {
      assertTrue(section.physicalStart() >= base && section.physicalEnd() <= end);
      assertTrue(!section.isWritableAndExecutable());
    }
  }
}
