// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegionSelectionTest {
  private static List<Integer> types(RegionSelection selection, long attribute) {
    return IntStream.range(0, MemoryType.MAX_MEMORY_TYPE)
        .filter(type -> selection.includes(new EfiMemoryDescriptor(type, 0, 0, 1, attribute)))
        .boxed()
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void theRuntimeAttributeIsEnoughForAll(RegionSelection selection) {
    assertEquals(
        MemoryType.MAX_MEMORY_TYPE,
        types(selection, MemoryAttributes.RUNTIME | MemoryAttributes.SP).size());
  }

  @ParameterizedTest
  @EnumSource
  void withoutItTheTypeDecides(RegionSelection selection) {
    assertEquals(
        switch (selection) {
          case RUNTIME -> List.of();
          case RUNTIME_AND_BOOT_SERVICES -> List.of(3, 4);
          case MIXED_MODE -> List.of(1, 2, 3, 4, 7);
          case ALL -> IntStream.range(0, 16).boxed().toList();
        },
        types(selection, MemoryAttributes.WB));
  }

  /** Specific-purpose memory is never taken as free memory. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ALL")
  void memoryForASpecificPurposeIsLeftAlone(RegionSelection selection) {
    assertEquals(
        List.of(),
        types(selection, MemoryAttributes.SP).stream()
            .filter(type -> type == MemoryType.CONVENTIONAL_MEMORY)
            .toList());
  }
}
