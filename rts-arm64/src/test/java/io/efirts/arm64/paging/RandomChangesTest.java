// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.Translation;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever is mapped, unmapped, protected, joined and split, in whichever order, and whenever it is
 * flushed: a walk by the manual finds what a plain array says, and refused changes and changed-back
 * ones leave nothing behind. No entry changes from valid to valid in a way that must be flushed
 * between.
 *
 * <p>Addresses are taken from the places around which page sizes differ. The memory is used again
 * from try to try, so that tables lie in frames full of old entries.
 */
class RandomChangesTest {
  /** By type, as {@link MairTypes#FIRMWARE} has them. */
  private static final int[] ATTR_INDEX = {0, 1, 2, 3};

  private enum Kind {
    MAP,
    UNMAP,
    PROTECT,
    JOIN,
    SPLIT
  }

  /** One change of the parts {@code from} up to {@code to}, exclusive. */
  record Step(
      Kind kind, int from, int to, int delta, MappingAttributes attributes, boolean settled) {}

  /** What a part should be: null for not mapped. */
  private record Part(long delta, MappingAttributes attributes) {}

  private final ChangedParts fourKib =
      new ChangedParts(new PagingMode(Granule.FOUR_KIB, 48), PageSize.ONE_GIB, 0x7F_FFE0_0000L, 96);
  private final ChangedParts fourKibPages =
      new ChangedParts(new PagingMode(Granule.FOUR_KIB, 36), PageSize.FOUR_KIB, 0x3FC0_0000L, 96);
  private final ChangedParts sixteenKib =
      new ChangedParts(
          new PagingMode(Granule.SIXTEEN_KIB, 48),
          PageSize.THIRTY_TWO_MIB,
          (1L << 47) - (1L << 26),
          48);
  private final ChangedParts sixtyFourKib =
      new ChangedParts(
          new PagingMode(Granule.SIXTY_FOUR_KIB, 48),
          PageSize.FIVE_HUNDRED_TWELVE_MIB,
          (1L << 42) - (1L << 30),
          24);

  // Across the bounds at which address bits change their place, and levels their number.
  private final ChangedParts fourKibWide =
      new ChangedParts(
          new PagingMode(Granule.FOUR_KIB, 52),
          PageSize.FIVE_HUNDRED_TWELVE_GIB,
          2,
          (1L << 48) - (1L << 22),
          (1L << 50) - (1L << 22),
          96);
  private final ChangedParts fourKibLargest =
      new ChangedParts(
          new PagingMode(Granule.FOUR_KIB, 50),
          PageSize.FIVE_HUNDRED_TWELVE_GIB,
          0,
          (1L << 49) - (1L << 41),
          (1L << 51) - (1L << 41),
          160);
  private final ChangedParts sixteenKibWide =
      new ChangedParts(
          new PagingMode(Granule.SIXTEEN_KIB, 52),
          PageSize.SIXTY_FOUR_GIB,
          1,
          (1L << 51) - (1L << 38),
          (1L << 50) - (1L << 38),
          96);
  private final ChangedParts sixtyFourKibWide =
      new ChangedParts(
          new PagingMode(Granule.SIXTY_FOUR_KIB, 52),
          PageSize.FOUR_TIB,
          1,
          (1L << 49) - (1L << 44),
          (1L << 48) - (1L << 44),
          64);
  private final ChangedParts sixtyFourKibWidePages =
      new ChangedParts(
          new PagingMode(Granule.SIXTY_FOUR_KIB, 48, 52),
          PageSize.FIVE_HUNDRED_TWELVE_MIB,
          2,
          (1L << 42) - (1L << 30),
          (1L << 48) - (1L << 30),
          24);

  @Property(tries = 100, seed = "145")
  void fourKibInRuns(@ForAll("steps") List<Step> steps) {
    run(fourKib, steps, true);
  }

  @Property(tries = 100, seed = "146")
  void fourKibInRunsOfBlocks(@ForAll("steps") List<Step> steps) {
    run(fourKibLargest, steps, true);
  }

  @Property(tries = 100, seed = "147")
  void sixteenKibInRuns(@ForAll("steps") List<Step> steps) {
    run(sixteenKibWide, steps, true);
  }

  @Property(tries = 50, seed = "148")
  void sixtyFourKibInRuns(@ForAll("steps") List<Step> steps) {
    run(sixtyFourKib, steps, true);
  }

  @Property(tries = 100, seed = "45")
  void fourKibWide(@ForAll("steps") List<Step> steps) {
    run(fourKibWide, steps);
  }

  @Property(tries = 100, seed = "46")
  void fourKibLargest(@ForAll("steps") List<Step> steps) {
    run(fourKibLargest, steps);
  }

  @Property(tries = 100, seed = "47")
  void sixteenKibWide(@ForAll("steps") List<Step> steps) {
    run(sixteenKibWide, steps);
  }

  @Property(tries = 50, seed = "48")
  void sixtyFourKibWide(@ForAll("steps") List<Step> steps) {
    run(sixtyFourKibWide, steps);
  }

  @Property(tries = 50, seed = "49")
  void sixtyFourKibWidePages(@ForAll("steps") List<Step> steps) {
    run(sixtyFourKibWidePages, steps);
  }

  @Property(tries = 150, seed = "41")
  void fourKib(@ForAll("steps") List<Step> steps) {
    run(fourKib, steps);
  }

  @Property(tries = 100, seed = "42")
  void fourKibWithoutBlocks(@ForAll("steps") List<Step> steps) {
    run(fourKibPages, steps);
  }

  @Property(tries = 100, seed = "43")
  void sixteenKib(@ForAll("steps") List<Step> steps) {
    run(sixteenKib, steps);
  }

  @Property(tries = 100, seed = "44")
  void sixtyFourKib(@ForAll("steps") List<Step> steps) {
    run(sixtyFourKib, steps);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<MappingAttributes> attributes =
        Combinators.combine(
                Arbitraries.of(true, false),
                Arbitraries.of(true, false),
                Arbitraries.of(
                    CacheType.UNCACHED,
                    CacheType.WRITE_COMBINING,
                    CacheType.WRITE_THROUGH,
                    CacheType.WRITE_BACK))
            .as(MappingAttributes::new);
    Arbitrary<Integer> from = Arbitraries.integers().between(0, ChangedParts.COUNT - 1);
    Arbitrary<Integer> length =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(1, 3)),
            Tuple.of(1, Arbitraries.integers().between(4, ChangedParts.COUNT)));
    Arbitrary<Integer> delta =
        Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(3, 1), Tuple.of(1, 2));
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            from,
            length,
            delta,
            attributes,
            Arbitraries.of(true, false))
        .as(
            (kind, at, parts, d, how, settled) ->
                new Step(kind, at, Math.min(ChangedParts.COUNT, at + parts), d, how, settled))
        .list()
        .ofMinSize(5)
        .ofMaxSize(25);
  }

  private static void run(ChangedParts setting, List<Step> steps) {
    run(setting, steps, false);
  }

  private static void run(ChangedParts setting, List<Step> steps, boolean contiguous) {
    Guest guest = new Guest(setting.mode.granule(), setting.bytes);
    PageTablesBuilder builder = guest.builder(setting.mode).largestPage(setting.largest);
    PageTables tables = (contiguous ? builder.contiguous() : builder).build();
    Part[] model = new Part[ChangedParts.COUNT];
    List<FlushToken> open = new ArrayList<>();
    for (Step step : steps) {
      if (isLegal(model, step)) {
        MemorySegment before = copy(guest);
        open.add(make(setting, tables, step));
        assertBroken(setting.mode, guest, before);
        assertRunsAgree(setting.mode, guest, guest.frame(0), setting.mode.rootLevel());
        apply(setting, model, step);
      } else {
        int before = guest.framesInUse();
        assertThrows(IllegalArgumentException.class, () -> make(setting, tables, step));
        assertEquals(before, guest.framesInUse());
      }
      if (step.settled) {
        open.forEach(FlushToken::flush);
        open.clear();
        assertTablesAre(model, setting, guest, tables);
      }
    }
    for (int i = 0; i < ChangedParts.COUNT; i++) {
      if (model[i] != null) {
        long length = setting.offsets[i + 1] - setting.offsets[i];
        open.add(Guest.unmapping(tables, setting.base + setting.offsets[i], length));
      }
    }
    open.reversed().forEach(FlushToken::ignore);
    assertEquals(1, guest.framesInUse());
    assertEquals(List.of(), tables.mappings());
  }

  private static FlushToken make(ChangedParts setting, PageTables tables, Step step) {
    long virtual = setting.base + setting.offsets[step.from];
    long length = setting.offsets[step.to] - setting.offsets[step.from];
    long physical = setting.physical + setting.offsets[step.from] + setting.deltas[step.delta];
    return switch (step.kind) {
      case MAP -> Guest.mapping(tables, virtual, physical, length, step.attributes);
      case UNMAP -> Guest.unmapping(tables, virtual, length);
      case PROTECT -> Guest.protecting(tables, virtual, length, step.attributes);
      case JOIN -> Guest.joining(tables, virtual, length);
      case SPLIT -> Guest.splitting(tables, virtual, length);
    };
  }

  private static MemorySegment copy(Guest guest) {
    return MemorySegment.ofArray(guest.bytes.toArray(ValueLayout.JAVA_BYTE));
  }

  /**
   * Of frames that were in use before the change: what a processor could walk. A frame that the
   * change has taken may hold any old bytes.
   */
  private static void assertBroken(PagingMode mode, Guest guest, MemorySegment before) {
    Guest then = new Guest(mode.granule(), before);
    reachable(mode, then, then.frame(0), mode.rootLevel())
        .forEach(
            place -> {
              long old = then.load(place);
              long now = guest.load(place);
              long rights = 0x07EC_0000_0000_04C0L;
              boolean changed = ((old ^ now) & ~rights) != 0;
              assertFalse(
                  (old & 1) == 1 && (now & 1) == 1 && changed,
                  () -> "%x: %x became %x".formatted(place, old, now));
            });
  }

  /** Of a run that has the contiguous hint, every valid entry has it and maps the next piece. */
  private static void assertRunsAgree(PagingMode mode, Guest guest, long table, int level) {
    int[][] runs = {{0, 16, 16, 16}, {0, 0, 32, 128}, {0, 0, 32, 32}};
    int run = level < 0 ? 0 : runs[mode.granule().ordinal()][level];
    int looked = -1;
    for (int i = 0; i < mode.entries(level); i++) {
      long entry = guest.load(table + 8L * i);
      boolean leads = level < 3 && (entry & 3) == 3;
      if (leads) {
        long address = 0x0000_FFFF_FFFF_FFFFL & -mode.granule().bytes();
        assertRunsAgree(mode, guest, entry & address, level + 1);
      } else if ((entry & 1) == 1 && (entry >>> 52 & 1) == 1) {
        assertTrue(run > 0, "no runs at this level");
        if (i / run == looked) {
          continue;
        }
        looked = i / run;
        for (int j = i / run * run; j < (i / run + 1) * run; j++) {
          long other = guest.load(table + 8L * j);
          assertTrue((other & 1) == 0 || other == entry + (j - i) * mode.span(level));
        }
        long first = entry - i % run * mode.span(level);
        long inPlace = first & (1L << 47) - 1 & -mode.span(level);
        assertEquals(0, inPlace % (run * mode.span(level)));
      }
    }
  }

  private static LongStream reachable(PagingMode mode, Guest guest, long table, int level) {
    long address = 0x0000_FFFF_FFFF_FFFFL & -mode.granule().bytes();
    return LongStream.range(0, mode.entries(level))
        .map(i -> table + 8 * i)
        .filter(place -> (guest.load(place) & 1) == 1)
        .flatMap(
            place -> {
              boolean leads = level < 3 && (guest.load(place) & 2) == 2;
              LongStream self = LongStream.of(place);
              return leads
                  ? LongStream.concat(
                      self, reachable(mode, guest, guest.load(place) & address, level + 1))
                  : self;
            });
  }

  private static boolean isLegal(Part[] model, Step step) {
    return switch (step.kind) {
      case MAP -> range(model, step).allMatch(part -> part == null);
      case UNMAP, PROTECT, SPLIT -> range(model, step).allMatch(part -> part != null);
      case JOIN -> true;
    };
  }

  private static Stream<Part> range(Part[] model, Step step) {
    return Arrays.stream(model, step.from, step.to);
  }

  private static void apply(ChangedParts setting, Part[] model, Step step) {
    for (int i = step.from; i < step.to; i++) {
      switch (step.kind) {
        case MAP -> model[i] = new Part(setting.deltas[step.delta], step.attributes);
        case UNMAP -> model[i] = null;
        case PROTECT -> model[i] = new Part(model[i].delta, step.attributes);
        case JOIN, SPLIT -> {}
      }
    }
  }

  private static void assertTablesAre(
      Part[] model, ChangedParts setting, Guest guest, PageTables tables) {
    for (int i = 0; i < ChangedParts.COUNT; i++) {
      long start = setting.offsets[i];
      long last = setting.offsets[i + 1] - 1;
      for (long offset : new long[] {start, (start + last) / 2, last}) {
        assertAddressIs(model[i], guest, tables, setting.base + offset, setting.physical + offset);
      }
    }
    long end = setting.base + setting.offsets[ChangedParts.COUNT];
    assertNull(new ManualWalk(guest).walk(tables.mode(), tables.root(), setting.base - 1));
    assertNull(new ManualWalk(guest).walk(tables.mode(), tables.root(), end));
  }

  private static void assertAddressIs(
      Part part, Guest guest, PageTables tables, long address, long identical) {
    ManualWalk.Page page = new ManualWalk(guest).walk(tables.mode(), tables.root(), address);
    if (part == null) {
      assertNull(page);
      long translation = tables.translate(address, Access.READ);
      assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
      return;
    }
    assertNotNull(page);
    long physical = identical + part.delta;
    assertEquals(physical, page.physical());
    assertEquals(part.attributes.writable(), page.writable());
    assertEquals(part.attributes.executable(), page.executable());
    assertFalse(page.user());
    assertEquals(ATTR_INDEX[part.attributes.cacheType().ordinal()], page.attrIndex());
    assertEquals(physical, tables.translate(address, Access.READ));
    assertOutcome(part.attributes.writable(), physical, tables.translate(address, Access.WRITE));
    assertOutcome(
        part.attributes.executable(), physical, tables.translate(address, Access.EXECUTE));
  }

  private static void assertOutcome(boolean permitted, long physical, long translation) {
    if (permitted) {
      assertEquals(physical, translation);
    } else {
      assertTrue(Translation.isFault(translation));
      assertEquals(FaultKind.PROTECTION, Translation.faultKind(translation));
    }
  }
}
