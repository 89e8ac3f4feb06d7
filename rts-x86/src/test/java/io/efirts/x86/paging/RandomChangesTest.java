// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.Translation;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever is mapped, unmapped, protected, joined and split, in whichever order: a walk by the
 * manual finds what a plain array says, and refused changes and changed-back ones leave nothing
 * behind.
 *
 * <p>Addresses are taken from the places around which page sizes differ. The memory is used again
 * from try to try, so that tables lie in frames full of old entries.
 */
class RandomChangesTest {
  private static final long[] OFFSETS = {
    0,
    0x1000,
    0x1F_F000,
    0x20_0000,
    0x20_1000,
    0x40_0000,
    0x3FE0_0000L,
    0x3FFF_F000L,
    0x4000_0000L,
    0x4000_1000L,
    0x4020_0000L,
    0x4040_0000L,
    0x7FFF_F000L,
    0x8000_0000L,
    0x8000_1000L,
  };
  private static final int PARTS = OFFSETS.length - 1;

  /** The first three keep the alignment of a page size, the last forces small pages. */
  private static final long[] DELTAS = {0, 0x40_0000, 0x20_0000, 0x1000};

  /** By type, as {@link PatTypes#ALL_TYPES} has them. */
  private static final int[] PAT_INDEX = {3, 7, 1, 0, 5};

  private final MemorySegment bytes =
      Arena.ofAuto().allocate(3072 * Guest.PAGE, Guest.PAGE).fill((byte) 0x83);

  private enum Kind {
    MAP,
    UNMAP,
    PROTECT,
    JOIN,
    SPLIT
  }

  /** One change of the parts {@code from} up to {@code to}, exclusive. */
  record Step(Kind kind, int from, int to, long delta, MappingAttributes attributes) {}

  /** What a part should be: null for not mapped. */
  private record Part(long delta, MappingAttributes attributes) {}

  @Property(tries = 60, seed = "41")
  void fourLevels(@ForAll("steps") List<Step> steps) {
    run(PagingMode.FOUR_LEVEL, 0x7F_C000_0000L, PageSize.ONE_GIB, steps);
  }

  @Property(tries = 40, seed = "42")
  void fourLevelsWithoutGibibytePages(@ForAll("steps") List<Step> steps) {
    run(PagingMode.FOUR_LEVEL, 0xFFFF_FF7F_C000_0000L, PageSize.TWO_MIB, steps);
  }

  @Property(tries = 60, seed = "43")
  void fiveLevels(@ForAll("steps") List<Step> steps) {
    run(PagingMode.FIVE_LEVEL, 0xFFFE_FFFF_C000_0000L, PageSize.ONE_GIB, steps);
  }

  @Property(tries = 60, seed = "44")
  void pae(@ForAll("steps") List<Step> steps) {
    run(PagingMode.PAE, 0x4000_0000L, PageSize.TWO_MIB, steps);
  }

  @Property(tries = 60, seed = "45")
  void legacy(@ForAll("steps") List<Step> steps) {
    run(PagingMode.LEGACY_32, 0x4000_0000L, PageSize.FOUR_MIB, steps);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<MappingAttributes> attributes =
        Combinators.combine(
                Arbitraries.of(true, false),
                Arbitraries.of(true, false),
                Arbitraries.of(CacheType.class))
            .as(MappingAttributes::new);
    Arbitrary<Integer> from = Arbitraries.integers().between(0, PARTS - 1);
    Arbitrary<Integer> length =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.integers().between(1, 3)),
            Tuple.of(1, Arbitraries.integers().between(4, PARTS)));
    Arbitrary<Long> delta =
        Arbitraries.frequency(
            Tuple.of(6, DELTAS[0]),
            Tuple.of(3, DELTAS[1]),
            Tuple.of(3, DELTAS[2]),
            Tuple.of(1, DELTAS[3]));
    return Combinators.combine(Arbitraries.of(Kind.class), from, length, delta, attributes)
        .as((kind, at, parts, d, how) -> new Step(kind, at, Math.min(PARTS, at + parts), d, how))
        .list()
        .ofMinSize(5)
        .ofMaxSize(25);
  }

  private void run(PagingMode mode, long base, PageSize largest, List<Step> steps) {
    Guest guest = new Guest(bytes);
    PageTables tables = guest.builder(mode).largestPage(largest).build();
    Part[] model = new Part[PARTS];
    for (Step step : steps) {
      long virtual = base + OFFSETS[step.from];
      long length = OFFSETS[step.to] - OFFSETS[step.from];
      // Physical addresses begin at 0, so that 32 bits are enough.
      long physical = OFFSETS[step.from] + step.delta;
      if (isLegal(model, step)) {
        switch (step.kind) {
          case MAP -> Guest.map(tables, virtual, physical, length, step.attributes);
          case UNMAP -> Guest.unmap(tables, virtual, length);
          case PROTECT -> Guest.protect(tables, virtual, length, step.attributes);
          case JOIN -> Guest.join(tables, virtual, length).flush();
          case SPLIT -> Guest.split(tables, virtual, length);
        }
        apply(model, step);
      } else {
        int before = guest.framesInUse();
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              switch (step.kind) {
                case MAP -> Guest.map(tables, virtual, physical, length, step.attributes);
                case UNMAP -> Guest.unmap(tables, virtual, length);
                case PROTECT -> Guest.protect(tables, virtual, length, step.attributes);
                case JOIN -> throw new AssertionError("always legal");
                case SPLIT -> Guest.split(tables, virtual, length);
              }
            });
        assertEquals(before, guest.framesInUse());
      }
      assertTablesAre(model, guest, tables, base);
    }
    for (int i = 0; i < PARTS; i++) {
      if (model[i] != null) {
        Guest.unmap(tables, base + OFFSETS[i], OFFSETS[i + 1] - OFFSETS[i]);
      }
    }
    assertEquals(1, guest.framesInUse());
    assertEquals(List.of(), tables.mappings());
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

  private static void apply(Part[] model, Step step) {
    for (int i = step.from; i < step.to; i++) {
      switch (step.kind) {
        case MAP -> model[i] = new Part(step.delta, step.attributes);
        case UNMAP -> model[i] = null;
        case PROTECT -> model[i] = new Part(model[i].delta, step.attributes);
        case JOIN, SPLIT -> {}
      }
    }
  }

  private static void assertTablesAre(Part[] model, Guest guest, PageTables tables, long base) {
    for (int i = 0; i < PARTS; i++) {
      long start = OFFSETS[i];
      long last = OFFSETS[i + 1] - 1;
      for (long offset : new long[] {start, (start + last) / 2, last}) {
        assertAddressIs(model[i], guest, tables, base + offset, offset);
      }
    }
    long end = base + OFFSETS[PARTS];
    assertNull(new ManualWalk(guest).walk(tables.mode(), tables.root(), base - 1));
    assertNull(new ManualWalk(guest).walk(tables.mode(), tables.root(), end));
  }

  private static void assertAddressIs(
      Part part, Guest guest, PageTables tables, long address, long offset) {
    ManualWalk.Page page = new ManualWalk(guest).walk(tables.mode(), tables.root(), address);
    if (part == null) {
      assertNull(page);
      long translation = tables.translate(address, Access.READ);
      assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
      return;
    }
    assertNotNull(page);
    boolean executable = part.attributes.executable() || tables.mode() == PagingMode.LEGACY_32;
    long physical = offset + part.delta;
    assertEquals(physical, page.physical());
    assertEquals(part.attributes.writable(), page.writable());
    assertEquals(executable, page.executable());
    assertEquals(PAT_INDEX[part.attributes.cacheType().ordinal()], page.patIndex());
    assertEquals(physical, tables.translate(address, Access.READ));
    assertOutcome(part.attributes.writable(), physical, tables.translate(address, Access.WRITE));
    assertOutcome(executable, physical, tables.translate(address, Access.EXECUTE));
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
