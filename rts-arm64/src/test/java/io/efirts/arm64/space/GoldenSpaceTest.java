// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The words of a small EFI address space, each entry as the manual has it (Arm ARM, section D8.3):
 * valid is bit 0, table or page bit 1, AttrIndx bits 4:2, AP[2] (read-only) bit 7, SH bits 9:8 (11
 * for inner shareable), AF bit 10, nG bit 11, PXN bit 53, UXN bit 54. Write-back is attribute 3 of
 * MAIR, Device-nGnRE attribute 4. Index and frame of each are computed by hand. Frames are given
 * out upwards, the root's first.
 */
class GoldenSpaceTest {
  /** UXN, nG, AF, SH, attribute 3, page. */
  private static final long CODE = 0x0040_0000_0000_0F0FL;

  /** A block: bit 1 clear. */
  private static final long CODE_BLOCK = 0x0040_0000_0000_0F0DL;

  /** Code with AP[2]. */
  private static final long CODE_READ_ONLY = 0x0040_0000_0000_0F8FL;

  /** PXN too. */
  private static final long DATA = 0x0060_0000_0000_0F0FL;

  /** Attribute 4. */
  private static final long DEVICE = 0x0060_0000_0000_0F13L;

  private static final long TABLE = 3;

  /** Runtime code of 2 MiB, two pages of data behind it, one of device registers. */
  private static final MemoryMap MAP =
      MemoryMap.of(
          List.of(
              new EfiMemoryDescriptor(5, 0x40_0000, 0x2010_0000, 512, 0x8000_0000_0000_000FL),
              new EfiMemoryDescriptor(6, 0x60_0000, 0x2030_0000, 2, 0x8000_0000_0000_000FL),
              new EfiMemoryDescriptor(11, 0x901_0000, 0x2031_0000, 1, 0x8000_0000_0000_0001L)));

  /** As a predecessor has placed them, not congruent modulo 2 MiB: no blocks there. */
  private static final VirtualMap PLAN =
      VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW).plan(MAP);

  /** Runtime code beyond 2^50, which has no virtual address. */
  private static final MemoryMap HIGH_MAP =
      MemoryMap.of(
          List.of(new EfiMemoryDescriptor(5, 0xE_0000_0040_0000L, 0, 1, 0x8000_0000_0000_000FL)));

  private static TableMachine built(Granule granule) {
    TableMachine machine = new TableMachine(granule, 16);
    EfiAddressSpace space = EfiAddressSpace.builder(machine.tables(), PLAN).build();
    assertEquals(machine.frame(0), space.tables().root());
    return machine;
  }

  /** L0 has bits 47:39, L1 38:30, L2 29:21, L3 20:12. */
  @Test
  void pagesOf4KiB() {
    TableMachine machine = built(Granule.FOUR_KIB);
    assertFirst4KiBTables(machine, 0x40_0000 | CODE_BLOCK);
    assertTable(machine, 3, Map.of(0, 0x60_0000 | DATA, 1, 0x60_1000 | DATA));
    assertTable(machine, 4, Map.of(16, 0x901_0000 | DEVICE));
    Map<Integer, Long> lower = new HashMap<>();
    Map<Integer, Long> upper = new HashMap<>();
    for (int i = 0; i < 256; i++) {
      lower.put(256 + i, 0x40_0000 + i * 0x1000L | CODE);
      upper.put(i, 0x50_0000 + i * 0x1000L | CODE);
    }
    upper.put(256, 0x60_0000 | DATA);
    upper.put(257, 0x60_1000 | DATA);
    upper.put(272, 0x901_0000 | DEVICE);
    assertTable(machine, 5, lower);
    assertTable(machine, 6, upper);
    assertEquals(7, machine.framesInUse());
  }

  private static void assertFirst4KiBTables(TableMachine machine, long code) {
    assertTable(machine, 0, Map.of(0, machine.frame(1) | TABLE));
    assertTable(machine, 1, Map.of(0, machine.frame(2) | TABLE));
    assertTable(
        machine,
        2,
        Map.of(
            2, code,
            3, machine.frame(3) | TABLE,
            72, machine.frame(4) | TABLE,
            256, machine.frame(5) | TABLE,
            257, machine.frame(6) | TABLE));
  }

  /** The first page of code read-only: its block is split, at the other address there is none. */
  @Test
  void pagesOf4KiBAfterSetVirtualAddressMap() {
    TableMachine machine = new TableMachine(Granule.FOUR_KIB, 16);
    EfiAddressSpace space = EfiAddressSpace.builder(machine.tables(), PLAN).build();
    space
        .virtualAddressMapSet(
            Regions.permissions(
                MAP, new EfiMemoryDescriptor(5, 0x40_0000, 0, 1, 0x8000_0000_0002_0000L)))
        .flush();

    assertFirst4KiBTables(machine, machine.frame(7) | TABLE);
    assertEquals(0x40_0000 | CODE_READ_ONLY, machine.load(machine.frame(7), 0));
    assertEquals(0x40_0000 | CODE_READ_ONLY, machine.load(machine.frame(5), 256));
    for (int i = 1; i < 512; i++) {
      assertEquals(0x40_0000 + i * 0x1000L | CODE, machine.load(machine.frame(7), i));
    }
  }

  /** L0 has bit 47, L1 46:36, L2 35:25, L3 24:14. The last granule of data is half its own. */
  @Test
  void pagesOf16KiB() {
    TableMachine machine = built(Granule.SIXTEEN_KIB);
    assertTable(machine, 0, Map.of(0, machine.frame(1) | TABLE));
    assertTable(machine, 1, Map.of(0, machine.frame(2) | TABLE));
    assertTable(
        machine,
        2,
        Map.of(
            0,
            machine.frame(3) | TABLE,
            4,
            machine.frame(4) | TABLE,
            16,
            machine.frame(5) | TABLE));
    assertTable(machine, 3, codeAndData(0x100, 128, 0x4000, Map.of()));
    assertTable(machine, 4, Map.of(0x404, 0x901_0000 | DEVICE));
    assertTable(machine, 5, codeAndData(0x40, 128, 0x4000, Map.of(0xC4, 0x901_0000 | DEVICE)));
  }

  /** L1 has bits 47:42, L2 41:29, L3 28:16. */
  @Test
  void pagesOf64KiB() {
    TableMachine machine = built(Granule.SIXTY_FOUR_KIB);
    assertTable(machine, 0, Map.of(0, machine.frame(1) | TABLE));
    assertTable(machine, 1, Map.of(0, machine.frame(2) | TABLE, 1, machine.frame(3) | TABLE));
    assertTable(machine, 2, codeAndData(0x40, 32, 0x1_0000, Map.of(0x901, 0x901_0000 | DEVICE)));
    assertTable(machine, 3, codeAndData(0x10, 32, 0x1_0000, Map.of(0x31, 0x901_0000 | DEVICE)));
    assertEquals(4, machine.framesInUse());
  }

  /** L-1 has bits 51:48. Address bits 51:50 are bits 9:8 of the entry, 49:48 are in place. */
  @Test
  void pagesOf4KiBWithAddressesOf52Bits() {
    TableMachine machine = new TableMachine(Granule.FOUR_KIB, 16);
    EfiAddressSpace.builder(machine.tables(52), VirtualAddressPlanner.identity().plan(HIGH_MAP))
        .build();
    assertTable(machine, 0, Map.of(14, machine.frame(1) | TABLE));
    assertTable(machine, 1, Map.of(0, machine.frame(2) | TABLE));
    assertTable(machine, 2, Map.of(0, machine.frame(3) | TABLE));
    assertTable(machine, 3, Map.of(2, machine.frame(4) | TABLE));
    assertTable(machine, 4, Map.of(0, 0x0042_0000_0040_0F0FL));
  }

  /** L1 has bits 51:42. Address bits 51:48 are bits 15:12 of the entry. */
  @Test
  void pagesOf64KiBWithAddressesOf52Bits() {
    TableMachine machine = new TableMachine(Granule.SIXTY_FOUR_KIB, 8);
    EfiAddressSpace.builder(machine.tables(52), VirtualAddressPlanner.identity().plan(HIGH_MAP))
        .build();
    assertTable(machine, 0, Map.of(896, machine.frame(1) | TABLE));
    assertTable(machine, 1, Map.of(0, machine.frame(2) | TABLE));
    assertTable(machine, 2, Map.of(0x40, 0x0040_0000_0040_EF0FL));
  }

  /** Entries of the code, then one for the data, then others. */
  private static Map<Integer, Long> codeAndData(
      int index, int count, long granule, Map<Integer, Long> others) {
    Map<Integer, Long> entries = new HashMap<>(others);
    for (int i = 0; i < count; i++) {
      entries.put(index + i, 0x40_0000 + i * granule | CODE);
    }
    entries.put(index + count, 0x60_0000 | DATA);
    return entries;
  }

  private static void assertTable(TableMachine machine, int frame, Map<Integer, Long> entries) {
    for (int i = 0; i < machine.granule.bytes() / 8; i++) {
      String place = "frame " + frame + "[" + i + "]";
      assertEquals(entries.getOrDefault(i, 0L), machine.load(machine.frame(frame), i), place);
    }
  }
}
