// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.plan;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Memory maps for tests. */
final class Maps {
  static final long PAGE = 4096;
  static final long LARGE_PAGES = VirtualAddressPlanner.ALIGNMENT / PAGE;

  private record Step(long hole, long pages, int type) {}

  private Maps() {}

  /** A runtime data region. */
  static EfiMemoryDescriptor region(long physicalStart, long pages) {
    return new EfiMemoryDescriptor(
        MemoryType.RUNTIME_SERVICES_DATA, physicalStart, 0, pages, MemoryAttributes.RUNTIME);
  }

  static MemoryMap map(EfiMemoryDescriptor... regions) {
    return MemoryMap.of(List.of(regions));
  }

  /** Up to 12 regions; sizes and holes often whole large pages, and sometimes most of a window. */
  static Arbitrary<MemoryMap> maps() {
    Arbitrary<Long> small = Arbitraries.longs().between(0, 3 * LARGE_PAGES);
    Arbitrary<Long> large = Arbitraries.longs().between(0, 40).map(n -> n * LARGE_PAGES);
    Arbitrary<Long> huge = Arbitraries.longs().between(0, 1L << 24);
    Arbitrary<Long> lengths =
        Arbitraries.frequencyOf(Tuple.of(8, small), Tuple.of(4, large), Tuple.of(1, huge));
    return Combinators.combine(
            lengths,
            lengths.map(pages -> Math.max(1, pages)),
            Arbitraries.of(
                MemoryType.RUNTIME_SERVICES_CODE,
                MemoryType.RUNTIME_SERVICES_DATA,
                MemoryType.BOOT_SERVICES_DATA,
                MemoryType.CONVENTIONAL_MEMORY))
        .as(Step::new)
        .list()
        .ofMaxSize(12)
        .map(Maps::laidOut);
  }

  private static MemoryMap laidOut(List<Step> steps) {
    List<EfiMemoryDescriptor> regions = new ArrayList<>();
    long page = 0;
    for (Step step : steps) {
      page += step.hole;
      boolean runtime =
          step.type == MemoryType.RUNTIME_SERVICES_CODE
              || step.type == MemoryType.RUNTIME_SERVICES_DATA;
      regions.add(
          new EfiMemoryDescriptor(
              step.type,
              page * PAGE,
              0,
              step.pages,
              MemoryAttributes.WB | (runtime ? MemoryAttributes.RUNTIME : 0)));
      page += step.pages;
    }
    return MemoryMap.of(regions);
  }
}
