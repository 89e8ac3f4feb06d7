// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * A memory map, and what else there is in an address space. Bounds are multiples of 4 KiB and
 * seldom of larger granules.
 *
 * @param map the map
 * @param ranges pages of the host's, over regions and between them
 * @param attributes entries of a memory attributes table, each in one runtime region
 */
record RandomSpace(MemoryMap map, List<MappedPages> ranges, List<EfiMemoryDescriptor> attributes) {
  private static final long LARGE_PAGES = 512;
  private static final long GIB_PAGES = 0x4_0000;
  private static final long[] TYPES = {0, 1, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6, 6, 7, 9, 10, 11, 0x7000};
  private static final long[] CACHING = {0x1, 0x8, 0x8, 0xF, 0xF, 0xE, 0x7, 0x3, 0x1010};

  /** Distances, lengths and choices that a space is laid out from. */
  record Step(long hole, long pages, int choice) {}

  /** Spaces whose regions end below an address. */
  static Arbitrary<RandomSpace> below(long limit) {
    long most = limit / 4096;
    Arbitrary<Long> huge = upTo(GIB_PAGES / 4).map(n -> n & -GIB_PAGES / 64);
    Arbitrary<Long> lengths =
        Arbitraries.frequencyOf(
                Tuple.of(6, upTo(40)),
                Tuple.of(4, upTo(3 * LARGE_PAGES)),
                Tuple.of(3, upTo(5).map(n -> n * LARGE_PAGES)),
                Tuple.of(1, huge))
            .map(pages -> Math.max(1, pages));
    Arbitrary<Long> holes =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(0L)),
            Tuple.of(4, upTo(40)),
            Tuple.of(3, upTo(20).map(n -> n * LARGE_PAGES)),
            Tuple.of(2, upTo(most / 8)));
    Arbitrary<Step> step =
        Combinators.combine(holes, lengths, upTo(Integer.MAX_VALUE).map(Long::intValue))
            .as(Step::new);
    Arbitrary<List<Step>> steps =
        step.list().ofMaxSize(9).withSizeDistribution(RandomDistribution.uniform());
    Arbitrary<List<Step>> few =
        step.list().ofMaxSize(3).withSizeDistribution(RandomDistribution.uniform());
    return Combinators.combine(steps, few).as((map, further) -> laidOut(map, further, most));
  }

  private static Arbitrary<Long> upTo(long most) {
    return Arbitraries.longs().between(1, most).withDistribution(RandomDistribution.uniform());
  }

  private static RandomSpace laidOut(List<Step> steps, List<Step> further, long most) {
    List<EfiMemoryDescriptor> regions = new ArrayList<>();
    List<EfiMemoryDescriptor> attributes = new ArrayList<>();
    long page = 0;
    for (Step step : steps) {
      page += step.hole;
      if (page + step.pages > most) {
        break;
      }
      EfiMemoryDescriptor region = region(page, step);
      regions.add(region);
      if (region.isRuntime() && (region.type() == 5 || region.type() == 6)) {
        addAttributes(attributes, page, step);
      }
      page += step.pages;
    }
    List<MappedPages> ranges = new ArrayList<>();
    for (Step step : further) {
      long at = regions.isEmpty() ? 0 : regions.get(step.choice % regions.size()).physicalStart();
      long start = Math.max(0, at / 4096 + step.hole - 20);
      if (start + step.pages <= most) {
        ranges.add(new MappedPages(start * 4096, step.pages, how(step.choice)));
      }
    }
    return new RandomSpace(MemoryMap.of(regions), ranges, attributes);
  }

  private static EfiMemoryDescriptor region(long page, Step step) {
    int type = (int) TYPES[step.choice % TYPES.length];
    boolean runtime = type == 5 || type == 6 || (step.choice >>> 8) % 4 == 0;
    long attribute =
        CACHING[(step.choice >>> 12) % CACHING.length]
            | (runtime ? MemoryAttributes.RUNTIME : 0)
            | ((step.choice >>> 16) % 4 == 0 ? MemoryAttributes.XP : 0)
            | ((step.choice >>> 20) % 4 == 0 ? MemoryAttributes.RO : 0);
    return new EfiMemoryDescriptor(type, page * 4096, 0, step.pages, attribute);
  }

  /** None, one over all, or two parts with a page between them, each of code or data. */
  private static void addAttributes(List<EfiMemoryDescriptor> attributes, long page, Step step) {
    switch (step.choice % 3) {
      case 0 -> {}
      case 1 -> attributes.add(part(page, step.pages, step.choice >>> 4));
      default -> {
        long half = Math.max(1, step.pages / 2);
        attributes.add(part(page, half, step.choice >>> 4));
        if (step.pages > half + 1) {
          attributes.add(part(page + half + 1, step.pages - half - 1, step.choice >>> 7));
        }
      }
    }
  }

  private static EfiMemoryDescriptor part(long page, long pages, int choice) {
    long attribute =
        MemoryAttributes.RUNTIME
            | ((choice & 1) == 0 ? MemoryAttributes.RO : 0)
            | ((choice & 2) == 0 ? MemoryAttributes.XP : 0);
    return new EfiMemoryDescriptor((choice & 4) == 0 ? 5 : 6, page * 4096, 0, pages, attribute);
  }

  private static MappingAttributes how(int choice) {
    // The architecture has no write-protected memory.
    CacheType[] types = {
      CacheType.UNCACHED, CacheType.WRITE_COMBINING, CacheType.WRITE_THROUGH, CacheType.WRITE_BACK
    };
    return new MappingAttributes(
        (choice & 8) == 0, (choice & 16) == 0, types[(choice >>> 5) % types.length]);
  }
}
