// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Regions as runs of pages without restrictions. Neighbours of one memory type become one run,
 * whatever their types, so that large pages may reach across their bounds.
 */
final class UnrestrictedRuns {
  private static final MappingAttributes CACHED =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);
  private static final MappingAttributes UNCACHED =
      new MappingAttributes(true, true, CacheType.UNCACHED);

  private final List<PageRun> runs = new ArrayList<>();

  private UnrestrictedRuns() {}

  /** Regions in physical order, at their physical addresses. */
  static List<MappedPages> identical(List<EfiMemoryDescriptor> regions) {
    UnrestrictedRuns made = new UnrestrictedRuns();
    regions.forEach(region -> made.add(region.physicalStart(), region));
    return made.runs.stream().map(PageRun::pages).toList();
  }

  /** Regions in physical order, at their virtual addresses where these are others. */
  static List<PageRun> virtual(List<PlannedRegion> regions) {
    UnrestrictedRuns made = new UnrestrictedRuns();
    for (PlannedRegion region : regions) {
      if (region.placed() && region.virtualAddress() != region.physicalAddress()) {
        made.add(region.virtualAddress(), region.descriptor());
      }
    }
    return List.copyOf(made.runs);
  }

  private void add(long virtualAddress, EfiMemoryDescriptor region) {
    MappingAttributes attributes =
        (region.attribute() & MemoryAttributes.WB) != 0 ? CACHED : UNCACHED;
    PageRun run =
        new PageRun(
            virtualAddress,
            new MappedPages(region.physicalStart(), region.numberOfPages(), attributes));
    PageRun last = runs.isEmpty() ? null : runs.getLast();
    if (last != null && continues(last, run)) {
      MappedPages both =
          new MappedPages(
              last.pages().physicalStart(), last.pages().pages() + run.pages().pages(), attributes);
      runs.set(runs.size() - 1, new PageRun(last.virtualAddress(), both));
    } else {
      runs.add(run);
    }
  }

  private static boolean continues(PageRun before, PageRun run) {
    return before.pages().physicalEnd() == run.pages().physicalStart()
        && before.virtualAddress() - before.pages().physicalStart()
            == run.virtualAddress() - run.pages().physicalStart()
        && before.pages().attributes().equals(run.pages().attributes());
  }
}
