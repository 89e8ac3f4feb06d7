// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Regions for tests. Addresses are given in pages. */
final class Regions {
  static final long PAGE = 4096;
  static final long LAST_PAGE = (1L << 40) - 1;

  private record Step(long hole, long pages, int type, boolean runtime) {}

  private Regions() {}

  static EfiMemoryDescriptor conventional(long page, long pages) {
    return new EfiMemoryDescriptor(
        MemoryType.CONVENTIONAL_MEMORY, page * PAGE, 0, pages, MemoryAttributes.WB);
  }

  static EfiMemoryDescriptor runtime(int type, long page, long pages, long attribute) {
    return new EfiMemoryDescriptor(
        type, page * PAGE, 0, pages, attribute | MemoryAttributes.RUNTIME);
  }

  /** Up to 20 regions in physical order, many of them without a hole between. */
  static Arbitrary<List<EfiMemoryDescriptor>> maps() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.oneOf(Arbitraries.just(0L), Arbitraries.longs().between(0, 1000)),
                Arbitraries.longs().between(1, 1000),
                Arbitraries.integers()
                    .between(MemoryType.RUNTIME_SERVICES_CODE, MemoryType.RUNTIME_SERVICES_DATA),
                Arbitraries.of(true, false))
            .as(Step::new);
    return step.list().ofMaxSize(20).map(Regions::laidOut);
  }

  private static List<EfiMemoryDescriptor> laidOut(List<Step> steps) {
    List<EfiMemoryDescriptor> regions = new ArrayList<>();
    long page = 0;
    for (Step step : steps) {
      page += step.hole;
      regions.add(
          new EfiMemoryDescriptor(
              step.type, page * PAGE, 0, step.pages, step.runtime ? MemoryAttributes.RUNTIME : 0));
      page += step.pages;
    }
    return regions;
  }
}
