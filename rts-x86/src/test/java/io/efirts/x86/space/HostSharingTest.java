// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.x86.space.Regions.map;
import static io.efirts.x86.space.Regions.plan;
import static io.efirts.x86.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.x86.paging.EntryBits;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * I-23: at every entry the host's part equals the host's, wherever and whenever the host has grown;
 * and nothing but that part is shared.
 */
@Timeout(60)
class HostSharingTest {
  private static final long PAGE = 4096;
  private static final long GIB = 1L << 30;

  /** The first of the shared entries of a root with four levels, 273. */
  private static final long DIRECT_MAP = 0xFFFF_8880_0000_0000L;

  private static final long TOP_512_GIB = 0xFFFF_FF80_0000_0000L;

  private final TableMachine machine = new TableMachine(1200);

  private EfiAddressSpace space(PageTables host) {
    HostTables shared = new HostTables(host.mode(), new PhysicalAddress(host.root()));
    return EfiAddressSpace.builder(machine.tables(host.mode()), plan(runtimeData(0x20_0000, 1)))
        .host(shared)
        .build();
  }

  private static void grow(PageTables host, long address, long physical) {
    host.map(new VirtualAddress(address), new PhysicalAddress(physical), PAGE, DATA).flush();
  }

  private static void assertReaches(EfiAddressSpace space, long address, long physical) {
    assertEquals(physical, space.tables().translate(address, Access.WRITE));
  }

  private static void assertNotMapped(EfiAddressSpace space, long address) {
    long translation = space.tables().translate(address, Access.READ);
    assertTrue(Translation.isFault(translation), () -> Long.toHexString(address));
    assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
  }

  /** Entry by entry, all that is shared and its neighbours. */
  private void assertEqualsHost(EfiAddressSpace space, PageTables host) {
    long own = space.tables().root();
    for (int i = 0; i < 511; i++) {
      long expected = i < 273 ? 0 : copyOf(machine.load(host.root(), i));
      if (i != 0) {
        assertEquals(expected, machine.load(own, i), "root[" + i + "]");
      }
    }
    long ownTop = space.tables().entry(host.mode().levels(), new VirtualAddress(-1));
    long hostTop = host.entry(host.mode().levels(), new VirtualAddress(-1));
    if (host.mode() == PagingMode.FIVE_LEVEL) {
      for (int i = 0; i < 511; i++) {
        assertEquals(copyOf(below(hostTop, i)), below(ownTop, i), "root[511][" + i + "]");
      }
      ownTop = below(ownTop, 511);
      hostTop = below(hostTop, 511);
    }
    for (int i = 0; i < 512; i++) {
      if (i < 444 || i >= 508) {
        assertEquals(copyOf(below(hostTop, i)), below(ownTop, i), "pointers[" + i + "]");
      } else {
        assertEquals(0, below(ownTop, i) & EntryBits.SHARED, "pointers[" + i + "]");
      }
    }
  }

  private long below(long entry, int index) {
    return (entry & EntryBits.P) == 0 ? 0 : machine.load(entry & 0x000F_FFFF_FFFF_F000L, index);
  }

  /** The copy is marked, and where there is none, its place. */
  private static long copyOf(long entry) {
    return entry | EntryBits.SHARED;
  }

  @ParameterizedTest
  @EnumSource(names = {"FOUR_LEVEL", "FIVE_LEVEL"})
  void theHostsPartEqualsTheHostsWhileThatGrows(PagingMode mode) {
    PageTables host = machine.tables(mode).build();
    EfiAddressSpace space = space(host);
    space.prepareEntry();
    assertEqualsHost(space, host);
    int levels = mode.levels();
    int frame = 1;
    for (int level = 3; level <= levels; level++) {
      for (int slot : new int[] {0, 1, 272, 273, 300, 443, 444, 507, 508, 510, 511}) {
        if (level == levels && slot < 256) {
          continue;
        }
        // Each level at another page, since the last slot of one is the first of the next.
        grow(host, (slot - 512) * mode.span(level) + level * PAGE, frame * PAGE);
        space.prepareEntry();
        assertEqualsHost(space, host);
        frame++;
      }
    }
    assertTrue(frame > 15);
  }

  @Test
  void whatTheHostMapsIsReachedAfterTheNextEntry() {
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    EfiAddressSpace space = space(host);
    grow(host, DIRECT_MAP, 0x5000);
    assertNotMapped(space, DIRECT_MAP);
    space.prepareEntry();
    assertReaches(space, DIRECT_MAP, 0x5000);
    // Below an entry that is there already, even at once.
    grow(host, DIRECT_MAP + GIB, 0x6000);
    assertReaches(space, DIRECT_MAP + GIB, 0x6000);
    host.unmap(new VirtualAddress(DIRECT_MAP), PAGE).flush();
    host.unmap(new VirtualAddress(DIRECT_MAP + GIB), PAGE).flush();
    space.prepareEntry();
    assertNotMapped(space, DIRECT_MAP);
  }

  /** The table that half of the private one's entries come from is not there, appears, changes. */
  @Test
  void theHostsLastEntryMayAppearLaterAndBeReplaced() {
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    EfiAddressSpace space = space(host);
    space.prepareEntry();
    assertNotMapped(space, -2 * GIB);

    grow(host, -2 * GIB, 0x7000);
    space.prepareEntry();
    assertReaches(space, -2 * GIB, 0x7000);

    PageTables other = machine.tables(PagingMode.FOUR_LEVEL).build();
    grow(other, -2 * GIB, 0x8000);
    grow(other, TOP_512_GIB, 0x9000);
    machine.store(host.root(), 511, machine.load(other.root(), 511));
    space.prepareEntry();
    assertReaches(space, -2 * GIB, 0x8000);
    assertReaches(space, TOP_512_GIB, 0x9000);
    assertEqualsHost(space, host);

    machine.store(host.root(), 511, 0);
    space.prepareEntry();
    assertNotMapped(space, -2 * GIB);
    assertReaches(space, 0x20_0000, 0x20_0000);
  }

  @Test
  void withFiveLevelsBothTablesOfTheLastEntryMayAppearLater() {
    PageTables host = machine.tables(PagingMode.FIVE_LEVEL).build();
    EfiAddressSpace space = space(host);
    long middle = -(1L << 40);
    grow(host, middle, 0x7000);
    assertNotMapped(space, middle);
    space.prepareEntry();
    assertReaches(space, middle, 0x7000);
    assertNotMapped(space, -GIB);
    grow(host, -GIB, 0x8000);
    space.prepareEntry();
    assertReaches(space, -GIB, 0x8000);
    assertReaches(space, middle, 0x7000);
  }

  /** O1: neither firmware's part is seen by the host, nor the host's lower part by firmware. */
  @Test
  void theWindowAndTheLowerHalfArePrivate() {
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    EfiAddressSpace space = space(host);
    long virtual = space.plan().regions().getFirst().virtualAddress();
    for (long address :
        new long[] {
          0x40_0000,
          0xFFFF_8800_0000_0000L,
          VirtualAddressPlanner.LINUX_WINDOW.bottom(),
          -4 * GIB - PAGE
        }) {
      grow(host, address, 0x5000);
      space.prepareEntry();
      assertNotMapped(space, address);
    }
    assertReaches(space, virtual, 0x20_0000);
    assertTrue(Translation.isFault(host.translate(virtual, Access.READ)));
    assertTrue(Translation.isFault(host.translate(0x20_0000, Access.READ)));
  }

  /** Everything is made beforehand. */
  @Test
  void anEntryTakesNoFrameAndAllocatesNothing() {
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    EfiAddressSpace space = space(host);
    grow(host, DIRECT_MAP, 0x5000);
    grow(host, -GIB, 0x5000);
    int frames = machine.framesInUse();
    long hosts = machine.load(host.root(), 511);
    for (int i = 0; i < 2_000; i++) {
      space.prepareEntry();
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 200; i++) {
      machine.store(host.root(), 511, i % 2 == 0 ? 0 : hosts);
      space.prepareEntry();
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(frames, machine.framesInUse());
    assertTrue(allocated < 200 * 64, () -> "allocated " + allocated);
  }

  /** A translation through a copy finds the page or nothing, never a table that is not filled. */
  @Test
  void theHostMayGrowOnAnotherThread() throws Exception {
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    EfiAddressSpace space = space(host);
    int entries = 511 - 273;
    Thread growing =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < entries; i++) {
                    grow(host, DIRECT_MAP + ((long) i << 39), i * PAGE);
                  }
                });
    boolean alive;
    do {
      alive = growing.isAlive();
      space.prepareEntry();
      for (int i = 0; i < entries; i++) {
        long translation = space.tables().translate(DIRECT_MAP + ((long) i << 39), Access.WRITE);
        if (Translation.isFault(translation)) {
          assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
        } else {
          assertEquals(i * PAGE, translation);
        }
      }
    } while (alive);
    assertTrue(growing.join(Duration.ofSeconds(10)));
    assertEqualsHost(space, host);
  }

  @ParameterizedTest
  @EnumSource(names = {"PAE", "LEGACY_32"})
  void inTheModesOf32BitsNothingIsShared(PagingMode mode) {
    PageTables host = machine.tables(mode).build();
    grow(host, 0xF000_0000L, 0x5000);
    grow(host, 0x40_0000, 0x5000);
    EfiAddressSpace space =
        EfiAddressSpace.builder(
                machine.tables(mode),
                VirtualAddressPlanner.topDown(VirtualAddressPlanner.window(0xC000_0000L, 1L << 32))
                    .plan(map(runtimeData(0x20_0000, 1)), RegionSelection.RUNTIME))
            .host(new HostTables(mode, new PhysicalAddress(host.root())))
            .build();
    space.prepareEntry();

    assertEquals(
        List.of(0L, 0x20_0000L, 0xFFE0_0000L),
        space.tables().mappings().stream().map(m -> m.first().value()).toList());
  }

  @Test
  void whatIsTheHostsIsSaidToBeItsOwn() {
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    grow(host, DIRECT_MAP, 0x5000);
    EfiAddressSpace space = space(host);
    space.prepareEntry();
    for (long address : new long[] {DIRECT_MAP, DIRECT_MAP + GIB, DIRECT_MAP + (1L << 39), -1}) {
      assertEquals(
          "belongs to the host, whose table entries are copied at every call",
          space.explain(new VirtualAddress(address)).getLast());
      assertNull(space.missingDescriptor(address));
    }
  }

  /** Also where the host has nothing yet. */
  @Test
  void nothingOfFirmwaresIsMappedAmongTheHosts() {
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    int frames = machine.framesInUse();
    for (long top : new long[] {DIRECT_MAP + GIB, -2 * GIB, -68 * GIB}) {
      VirtualWindow window = VirtualAddressPlanner.window(top - GIB, top);
      EfiAddressSpaceBuilder builder =
          EfiAddressSpace.builder(
                  machine.tables(PagingMode.FOUR_LEVEL),
                  VirtualAddressPlanner.topDown(window)
                      .plan(map(runtimeData(0x20_0000, 1)), RegionSelection.RUNTIME))
              .host(new HostTables(PagingMode.FOUR_LEVEL, new PhysicalAddress(host.root())));
      String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
      assertTrue(message.startsWith("range must not lie in entries that were copied"), message);
      assertEquals(frames, machine.framesInUse());
    }
  }

  /** Its frames may be somebody else's by then. */
  @Test
  void anEntryAfterTheReleaseTouchesNothing() {
    PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
    grow(host, DIRECT_MAP, 0x5000);
    EfiAddressSpace space = space(host);
    long root = space.tables().root();
    space.tables().release();
    space.prepareEntry();
    assertEquals(EntryBits.SHARED, machine.load(root, 273));
  }
}
