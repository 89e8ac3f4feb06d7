// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * A processor that caches every entry it could ever walk, and forgets one only when a flush reaches
 * all that the entry translates: it never finds another entry in memory than the one it holds, but
 * for permissions, and never a table that has become something else. Of an entry with the
 * contiguous hint it holds the whole run. Tokens are used in any order, some twice.
 */
class CachedTranslationsTest {
  private static final long PAGE = Guest.PAGE;

  /** Three blocks of 2 MiB around the border of two of 1 GiB. */
  private static final long BASE = Guest.GIB - 4 * Guest.MIB;

  private static final long[] OFFSETS = {
    0,
    PAGE,
    2 * PAGE,
    16 * PAGE,
    2 * Guest.MIB - PAGE,
    2 * Guest.MIB,
    4 * Guest.MIB,
    4 * Guest.MIB + PAGE,
    6 * Guest.MIB,
  };
  private static final int PARTS = OFFSETS.length - 1;

  /** What may differ between a cached entry and memory: AP, AF, GP, DBM, PXN, UXN, software's. */
  private static final long RIGHTS = 0x07EC_0000_0000_04C0L;

  private enum Kind {
    MAP,
    UNMAP,
    PROTECT,
    JOIN,
    SPLIT,
    FLUSH
  }

  /** One change of the parts {@code from} up to {@code to}, or the flush of one open token. */
  record Step(Kind kind, int from, int to, boolean elsewhere, MappingAttributes attributes) {}

  /** An entry that was seen valid, and all that it translates. */
  private record Cached(long entry, long first, long last) {}

  private final MemorySegment bytes = Arena.ofAuto().allocate(128 * PAGE, PAGE);
  private final Map<Long, Cached> cache = new HashMap<>();
  private Guest guest;
  private PageTables tables;

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<MappingAttributes> attributes =
        Combinators.combine(
                Arbitraries.of(true, false),
                Arbitraries.of(true, false),
                Arbitraries.of(CacheType.WRITE_BACK, CacheType.UNCACHED))
            .as(MappingAttributes::new);
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(3, Kind.MAP),
            Tuple.of(3, Kind.UNMAP),
            Tuple.of(3, Kind.PROTECT),
            Tuple.of(2, Kind.JOIN),
            Tuple.of(1, Kind.SPLIT),
            Tuple.of(4, Kind.FLUSH));
    return Combinators.combine(
            kinds,
            Arbitraries.integers().between(0, PARTS - 1),
            Arbitraries.integers().between(1, 3),
            Arbitraries.of(true, false),
            attributes)
        .as(
            (kind, from, parts, elsewhere, how) ->
                new Step(kind, from, Math.min(PARTS, from + parts), elsewhere, how))
        .list()
        .ofMinSize(10)
        .ofMaxSize(40);
  }

  @Property(tries = 400, seed = "51")
  void neverDisagreeWithMemory(@ForAll("steps") List<Step> steps) {
    run(steps, false);
  }

  @Property(tries = 400, seed = "52")
  void neverDisagreeWithMemoryInRuns(@ForAll("steps") List<Step> steps) {
    run(steps, true);
  }

  private void run(List<Step> steps, boolean contiguous) {
    cache.clear();
    guest = new Guest(Granule.FOUR_KIB, bytes.fill((byte) 0));
    PageTablesBuilder builder = guest.builder(39).tlbFlush(this::flush);
    tables = (contiguous ? builder.contiguous() : builder).build();
    boolean[] mapped = new boolean[PARTS];
    List<FlushToken> tokens = new ArrayList<>();
    for (Step step : steps) {
      if (step.kind == Kind.FLUSH) {
        use(tokens, step);
      } else if (isLegal(mapped, step)) {
        tokens.add(make(step));
        for (int i = step.from; i < step.to; i++) {
          mapped[i] = step.kind == Kind.MAP || mapped[i] && step.kind != Kind.UNMAP;
        }
      }
      look();
    }
    tokens.forEach(FlushToken::flush);
    look();
    for (int i = 0; i < PARTS; i++) {
      ManualWalk.Page page =
          new ManualWalk(guest).walk(tables.mode(), tables.root(), BASE + OFFSETS[i]);
      assertEquals(mapped[i], page != null);
    }
  }

  private static boolean isLegal(boolean[] mapped, Step step) {
    for (int i = step.from; i < step.to; i++) {
      if (step.kind != Kind.JOIN && mapped[i] == (step.kind == Kind.MAP)) {
        return false;
      }
    }
    return true;
  }

  /** The second use of a token must do no harm. */
  private static void use(List<FlushToken> tokens, Step step) {
    if (!tokens.isEmpty()) {
      int index = step.from % tokens.size();
      tokens.get(index).flush();
      if (!step.elsewhere) {
        tokens.remove(index);
      }
    }
  }

  private FlushToken make(Step step) {
    long virtual = BASE + OFFSETS[step.from];
    long length = OFFSETS[step.to] - OFFSETS[step.from];
    long physical = virtual + (step.elsewhere ? 2 * Guest.MIB : 0);
    return switch (step.kind) {
      case MAP -> Guest.mapping(tables, virtual, physical, length, step.attributes);
      case UNMAP -> Guest.unmapping(tables, virtual, length);
      case PROTECT -> Guest.protecting(tables, virtual, length, step.attributes);
      case SPLIT -> Guest.splitting(tables, virtual, length);
      case JOIN, FLUSH -> Guest.joining(tables, virtual, length);
    };
  }

  private void flush(long root, long first, long last) {
    cache.values().removeIf(cached -> first <= cached.first && cached.last <= last);
  }

  /** Caches all that can be walked, and holds it against what was cached. */
  private void look() {
    for (Map.Entry<Long, Cached> seen : Map.copyOf(cache).entrySet()) {
      requireSame(seen.getKey(), seen.getValue().entry, guest.load(seen.getKey()));
      if (isHinted(seen.getValue().entry)) {
        requireSameRun(seen.getKey(), seen.getValue());
      }
    }
    look(tables.root(), 1, 0);
  }

  private void look(long table, int level, long start) {
    long span = level == 1 ? Guest.GIB : level == 2 ? 2 * Guest.MIB : PAGE;
    for (int i = 0; i < 512; i++) {
      long place = table + 8 * i;
      long entry = guest.load(place);
      if ((entry & 1) == 1) {
        long first = start + i * span;
        long reach = isHinted(entry) ? 16 * span : span;
        Cached seen = new Cached(entry, first & -reach, first & -reach | reach - 1);
        if (isHinted(entry)) {
          requireNothingElseOfRun(place, seen);
        }
        Cached before = cache.put(place, seen);
        if (before != null) {
          assertEquals(before.first, seen.first, "a table was moved that is still cached");
        }
        if (level < 3 && (entry & 2) == 2) {
          look(entry & 0x0000_FFFF_FFFF_F000L, level + 1, first);
        }
      }
    }
  }

  /** Only entries that map something are looked at: those of tables are none of a run's. */
  private static boolean isHinted(long entry) {
    return (entry >>> 52 & 1) == 1;
  }

  /** The processor translates by the one it holds what any of the run's entries is for. */
  private void requireSameRun(long place, Cached cached) {
    for (long at = place & -128; at < (place & -128) + 128; at += 8) {
      requireSame(at, inRun(cached, place, at), guest.load(at));
    }
  }

  /** It must not come to hold a run beside another translation of one of the run's addresses. */
  private void requireNothingElseOfRun(long place, Cached seen) {
    for (long at = place & -128; at < (place & -128) + 128; at += 8) {
      Cached other = cache.get(at);
      requireSame(at, other == null ? 0 : other.entry, other == null ? 0 : inRun(seen, place, at));
    }
  }

  /** What another entry of a run must be. */
  private static long inRun(Cached one, long place, long other) {
    return one.entry + (other - place) / 8 * ((one.last - one.first + 1) / 16);
  }

  private static void requireSame(long place, long cached, long now) {
    boolean same = (now & 1) == 0 || ((cached ^ now) & ~RIGHTS) == 0;
    assertNull(same ? null : "%x: %x is cached, %x in memory".formatted(place, cached, now));
  }
}
