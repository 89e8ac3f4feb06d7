// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.memory.CacheType;
import io.efirts.api.paging.Mapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Mapped pages without regard to page sizes.
 *
 * @param first first virtual address
 * @param last last virtual address, inclusive
 * @param physical where the first leads
 * @param writable whether stores are allowed
 * @param executable whether fetches are allowed
 * @param cacheType memory type
 */
record Pages(
    long first,
    long last,
    long physical,
    boolean writable,
    boolean executable,
    CacheType cacheType) {

  /** What tables map. */
  static List<Pages> of(List<Mapping> mappings) {
    return joined(
        mappings.stream()
            .map(
                m ->
                    new Pages(
                        m.first().value(),
                        m.last().value(),
                        m.physical().value(),
                        m.attributes().writable(),
                        m.attributes().executable(),
                        m.attributes().cacheType()))
            .toList());
  }

  /** In the order of addresses, with neighbours that are alike as one. */
  static List<Pages> joined(List<Pages> pages) {
    List<Pages> joined = new ArrayList<>();
    pages.stream()
        .sorted(Comparator.comparingLong(p -> p.first ^ Long.MIN_VALUE))
        .forEach(
            next -> {
              Pages last = joined.isEmpty() ? null : joined.getLast();
              if (last != null && next.continues(last)) {
                joined.set(joined.size() - 1, last.upTo(next.last));
              } else {
                joined.add(next);
              }
            });
    return joined;
  }

  private boolean continues(Pages before) {
    return before.last + 1 == first
        && before.physical + (first - before.first) == physical
        && before.writable == writable
        && before.executable == executable
        && before.cacheType == cacheType;
  }

  private Pages upTo(long end) {
    return new Pages(first, end, physical, writable, executable, cacheType);
  }
}
