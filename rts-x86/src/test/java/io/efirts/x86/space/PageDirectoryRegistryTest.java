// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static io.efirts.x86.space.DirectoryMirror.HOST_AREA;
import static io.efirts.x86.space.DirectoryMirror.HOST_AREA_AND_AT_ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.x86.paging.EntryBits;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * O3: page directories follow the host's reference directory when its top level grows, at the
 * host's own indices and at zero, in 64-bit mode and in legacy 32-bit mode; with PAE they need not.
 */
class PageDirectoryRegistryTest {
  private static final long GARBAGE = 0x5A5A_5A5A_5A5A_5A5AL;

  /** What a mode's host looks like to its firmware. */
  private record Host(DirectoryMachine machine, HostArea area, long directMap) {
    static Host of(PagingMode mode) {
      HostArea area =
          switch (mode) {
            case LEGACY_32 -> HostArea.LINUX_LEGACY_32;
            case FIVE_LEVEL -> HostArea.LINUX_FIVE_LEVEL;
            default -> HostArea.LINUX_FOUR_LEVEL;
          };
      long directMap =
          switch (mode) {
            case LEGACY_32 -> 0xC000_0000L;
            case FIVE_LEVEL -> 0xFF11_0000_0000_0000L;
            default -> 0xFFFF_8880_0000_0000L;
          };
      return new Host(new DirectoryMachine(mode), area, directMap);
    }

    PageDirectoryRegistry registry() {
      return PageDirectoryRegistry.of(machine.mode, machine.memory, machine.reference(), area);
    }

    /** The host maps a page of its direct map that needs the n-th top-level entry of it. */
    void growDirectMap(int n) {
      long physical = n * machine.mode.span(machine.mode.levels()) + 0x3000;
      machine.map(directMap + physical, physical);
    }

    void assertInStep(PhysicalAddress directory, boolean atZero) {
      long garbage = machine.mode == PagingMode.LEGACY_32 ? GARBAGE & 0xFFFF_FFFFL : GARBAGE;
      for (int i = 0; i < area.firstIndex(); i++) {
        boolean mirrored = atZero && i < area.directMapCount();
        long expected =
            mirrored ? machine.load(machine.reference(), area.directMapIndex() + i) : garbage;
        assertEquals(expected, machine.load(directory, i), "entry " + i);
      }
      for (int i = area.firstIndex(); i < area.firstIndex() + area.count(); i++) {
        assertEquals(
            machine.load(machine.reference(), i), machine.load(directory, i), "entry " + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAE")
  void aNewTopLevelEntryOfTheHostIsCopiedIntoEveryDirectory(PagingMode mode) {
    Host host = Host.of(mode);
    PageDirectoryRegistry registry = host.registry();
    host.growDirectMap(0);
    PhysicalAddress process = host.machine().directory();
    PhysicalAddress nobodys = host.machine().directory();
    registry.register(process, HOST_AREA);
    registry.register(nobodys, HOST_AREA_AND_AT_ZERO);
    assertEquals(2, registry.size());
    host.assertInStep(process, false);
    host.assertInStep(nobodys, true);
    for (int n : new int[] {1, 5, 15}) {
      host.growDirectMap(n);
      registry.grown(host.area().directMapIndex() + n, 1);
      host.assertInStep(process, false);
      host.assertInStep(nobodys, true);
    }
    host.growDirectMap(2);
    registry.sync();
    host.assertInStep(process, false);
    host.assertInStep(nobodys, true);
  }

  /** The 1:1 map of O3: memory added behind a new top-level entry is at its physical address. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAE")
  void aMirrorAtZeroReachesMemoryAtItsPhysicalAddress(PagingMode mode) {
    Host host = Host.of(mode);
    PageDirectoryRegistry registry = host.registry();
    PageTables own = host.machine().tables().rootBelow4GiB().build();
    registry.register(own, HOST_AREA_AND_AT_ZERO);
    long physical = 3 * mode.span(mode.levels()) + 0x3000;
    assertTrue(Translation.isFault(own.translate(physical, Access.READ)));
    host.growDirectMap(3);
    assertTrue(Translation.isFault(own.translate(physical, Access.READ)));
    registry.grown(host.area().directMapIndex() + 3, 1);
    assertEquals(physical, own.translate(physical, Access.EXECUTE));
    assertEquals(physical, own.translate(host.directMap() + physical, Access.WRITE));
    // Below an entry that is there, everything is shared.
    host.machine().map(host.directMap() + physical + 4096, physical + 4096);
    assertEquals(physical + 4096, own.translate(physical + 4096, Access.READ));
  }

  /** Why PAE needs none: the four entries of the host are there from the beginning. */
  @Test
  void rootsOfPaeSeeGrowthBelowAnEntryTheyShareWithoutAnySync() {
    DirectoryMachine machine = new DirectoryMachine(PagingMode.PAE);
    machine.map(0xC000_0000L, 0);
    PageTables process = machine.tables().build();
    PageTables oneToOne = machine.tables().build();
    for (PageTables tables : List.of(process, oneToOne)) {
      tables.copyTopLevel(machine.reference(), 3, 3).flush();
    }
    oneToOne.shareEntries(machine.reference(), 3, 3, new VirtualAddress(0), 1).sync().flush();
    for (long physical = 0x20_0000; physical < 0x4000_0000; physical += 0x200_0000) {
      machine.map(0xC000_0000L + physical, physical);
      assertEquals(physical, process.translate(0xC000_0000L + physical, Access.WRITE));
      assertEquals(physical, oneToOne.translate(0xC000_0000L + physical, Access.WRITE));
      assertEquals(physical, oneToOne.translate(physical, Access.EXECUTE));
    }
    assertFalse(PageDirectoryRegistry.isNeeded(PagingMode.PAE));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                PageDirectoryRegistry.of(
                    PagingMode.PAE, machine.memory, machine.reference(), new HostArea(3, 1, 3, 1)));
    assertEquals(
        "paging mode must have a root that grows: mode=PAE, whose four entries are fixed and whose"
            + " tables below are shared",
        refusal.getMessage());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAE")
  void whatTheHostTakesAwayGoesFromEveryDirectory(PagingMode mode) {
    Host host = Host.of(mode);
    PageDirectoryRegistry registry = host.registry();
    host.growDirectMap(0);
    host.growDirectMap(4);
    PhysicalAddress directory = host.machine().directory();
    registry.register(directory, HOST_AREA_AND_AT_ZERO);
    host.machine().unmap(host.directMap() + 4 * mode.span(mode.levels()) + 0x3000);
    assertNotEquals(0, host.machine().load(directory, 4));
    registry.grown(host.area().directMapIndex() + 4, 1);
    host.assertInStep(directory, true);
    assertEquals(0, host.machine().load(directory, 4));
  }

  /** A processor sets A in the entries it walks, in each directory by itself. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAE")
  void whatAProcessorHasSetStays(PagingMode mode) {
    Host host = Host.of(mode);
    PageDirectoryRegistry registry = host.registry();
    host.growDirectMap(0);
    PhysicalAddress directory = host.machine().directory();
    registry.register(directory, HOST_AREA);
    int index = host.area().directMapIndex();
    long used = host.machine().load(directory, index) | EntryBits.A;
    host.machine().store(directory, index, used);
    registry.sync();
    assertEquals(used, host.machine().load(directory, index));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAE")
  void onlyTheHostsEntriesThatHaveGrownAreTouched(PagingMode mode) {
    Host host = Host.of(mode);
    PageDirectoryRegistry registry = host.registry();
    PhysicalAddress directory = host.machine().directory();
    registry.register(directory, HOST_AREA_AND_AT_ZERO);
    int index = host.area().directMapIndex();
    host.machine().store(host.machine().reference(), 0, 0x7000 | EntryBits.P);
    host.growDirectMap(0);
    host.growDirectMap(1);
    registry.grown(index + 1, 1);
    assertEquals(0, host.machine().load(directory, index));
    assertEquals(0, host.machine().load(directory, 0));
    registry.grown(Integer.MIN_VALUE, 5);
    registry.grown(0, host.area().firstIndex());
    registry.grown(index, 0);
    registry.grown(index, -1);
    registry.grown(Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertEquals(0, host.machine().load(directory, index));
    registry.grown(0, Integer.MAX_VALUE);
    host.assertInStep(directory, true);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAE")
  void anUnregisteredDirectoryStaysAsItIs(PagingMode mode) {
    Host host = Host.of(mode);
    PageDirectoryRegistry registry = host.registry();
    PhysicalAddress kept = host.machine().directory();
    PhysicalAddress left = host.machine().directory();
    registry.register(kept, HOST_AREA);
    RegisteredDirectory leaving = registry.register(left, HOST_AREA);
    assertEquals(left, leaving.root());
    assertFalse(leaving.isQuiet());
    registry.unregister(leaving);
    assertTrue(leaving.isQuiet());
    assertEquals(1, registry.size());
    host.growDirectMap(0);
    registry.sync();
    host.assertInStep(kept, false);
    assertEquals(0, host.machine().load(left, host.area().directMapIndex()));
    assertRefused(
        "directory must be registered here: root=" + left, () -> registry.unregister(leaving));
    registry.register(left, HOST_AREA);
    host.assertInStep(left, false);
    RegisteredDirectory elsewhere = host.registry().register(left, HOST_AREA);
    assertRefused(
        "directory must be registered here: root=" + left, () -> registry.unregister(elsewhere));
  }

  /** Its host's part is neither changed through it nor set free with it. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAE")
  void tablesCannotMapWhereTheHostMayGrow(PagingMode mode) {
    Host host = Host.of(mode);
    PageDirectoryRegistry registry = host.registry();
    host.growDirectMap(0);
    int free = host.machine().freeFrames();
    PageTables own = host.machine().tables().build();
    RegisteredDirectory directory = registry.register(own, HOST_AREA_AND_AT_ZERO);
    for (long taken : new long[] {host.directMap(), mode.span(mode.levels()), 0}) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              own.map(
                  new VirtualAddress(taken), new PhysicalAddress(0), 4096, MappingAttributes.DATA));
    }
    registry.unregister(directory);
    assertTrue(directory.isQuiet());
    own.release();
    assertEquals(free, host.machine().freeFrames());
    assertEquals(0x3000, host.machine().host.translate(host.directMap() + 0x3000, Access.WRITE));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PAE")
  void tablesWithPagesOfTheirOwnInTheHostsPlaceAreRefused(PagingMode mode) {
    Host host = Host.of(mode);
    PageDirectoryRegistry registry = host.registry();
    PageTables own = host.machine().tables().build();
    own.map(new VirtualAddress(0x5000), new PhysicalAddress(0), 4096, MappingAttributes.DATA)
        .flush();
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> registry.register(own, HOST_AREA_AND_AT_ZERO))
            .getMessage();
    assertTrue(
        message.startsWith("nothing must be mapped where the host's entries come: index=0, "),
        message);
    assertEquals(0, registry.size());
    registry.register(own, HOST_AREA);
    assertEquals(0, own.translate(0x5000, Access.READ));
  }

  /** The full identity map has the low half to itself, and its host's part by the registry. */
  @Test
  void aFullIdentityMapFollowsTheHost() {
    Host host = Host.of(PagingMode.FOUR_LEVEL);
    FullIdentityMap full =
        FullIdentityMap.builder(
                host.machine().tables(), MemoryMap.of(List.of(Regions.runtimeData(0x20_0000, 1))))
            .build();
    PageDirectoryRegistry registry = host.registry();
    registry.register(full.tables(), HOST_AREA);
    host.growDirectMap(2);
    registry.sync();
    long physical = 2 * host.machine().mode.span(4) + 0x3000;
    assertEquals(physical, full.tables().translate(host.directMap() + physical, Access.EXECUTE));
    assertEquals(0x20_0000, full.tables().translate(0x20_0000, Access.EXECUTE));
  }

  @Test
  void growingAllocatesNothing() {
    Host host = Host.of(PagingMode.FOUR_LEVEL);
    PageDirectoryRegistry registry = host.registry();
    PhysicalAddress directory = host.machine().directory();
    registry.register(directory, HOST_AREA_AND_AT_ZERO);
    int index = host.area().directMapIndex();
    PhysicalAddress reference = host.machine().reference();
    int times = 20_000;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 2 * times; i++) {
      if (i == times) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      host.machine().store(reference, index, i << 12 | EntryBits.P);
      registry.grown(index, 1);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < times, () -> "bytes=" + allocated);
    assertEquals(2 * times - 1L << 12 | EntryBits.P, host.machine().load(directory, 0));
  }

  @Test
  void misuseIsRefused() {
    Host host = Host.of(PagingMode.FOUR_LEVEL);
    PageDirectoryRegistry registry = host.registry();
    PhysicalAddress directory = host.machine().directory();
    registry.register(directory, HOST_AREA);
    String twice = "directory must not be registered twice, nor be the reference: root=";
    assertRefused(twice + directory, () -> registry.register(directory, HOST_AREA_AND_AT_ZERO));
    assertRefused(
        twice + host.machine().reference(),
        () -> registry.register(host.machine().reference(), HOST_AREA));
    assertRefused(
        "root must be a table in guest memory that is aligned to 8 bytes: root=PA 0x1000",
        () -> registry.register(new PhysicalAddress(0x1000), HOST_AREA));
    assertRefused(
        "root must be a table in guest memory that is aligned to 8 bytes: root=PA 0x100008",
        () -> registry.register(new PhysicalAddress(0x10_0008), HOST_AREA));
    PageTables other = new DirectoryMachine(PagingMode.FIVE_LEVEL).host;
    assertRefused(
        "paging mode must be the registry's: mode=FIVE_LEVEL, registry=FOUR_LEVEL",
        () -> registry.register(other, HOST_AREA));
    assertRefused(
        "host area must lie in the root: endIndex=1024, entries=512",
        () ->
            PageDirectoryRegistry.of(
                PagingMode.FOUR_LEVEL,
                host.machine().memory,
                host.machine().reference(),
                HostArea.LINUX_LEGACY_32));
  }

  @Test
  void aHostAreaHoldsItsDirectMapAndLeavesRoomForItsMirror() {
    new HostArea(256, 256, 256, 256);
    int[][] bad = {
      {-1, 1, 0, 0},
      {256, 0, 256, 0},
      {1, Integer.MAX_VALUE, 1, 0},
      {256, 256, 255, 1},
      {256, 256, 273, -1},
      {256, 256, 273, 240},
      {100, 256, 100, 101},
    };
    for (int[] area : bad) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new HostArea(area[0], area[1], area[2], area[3]),
          () -> List.of(area[0], area[1], area[2], area[3]).toString());
    }
  }

  private static void assertRefused(String message, Runnable misuse) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, misuse::run).getMessage());
  }
}
