// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The bytes of a small EFI address space, each entry as the manual has it (SDM volume 3A, tables
 * 4-5, 4-6, 4-9 to 4-11, 4-15, 4-17 to 4-20): P is bit 0, R/W bit 1, PWT bit 3, PCD bit 4, PS bit
 * 7, XD bit 63. Index and frame of each are computed by hand. Frames are given out upwards from
 * 0x100000.
 */
class GoldenSpaceTest {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Runtime code of 2 MiB at 4 MiB, two pages of data behind it, one of device registers. */
  private static final EfiMemoryDescriptor[] REGIONS = {
    new EfiMemoryDescriptor(5, 0x40_0000, 0xFFFF_FFFE_FFC0_0000L, 512, 0x8000_0000_0000_000FL),
    new EfiMemoryDescriptor(6, 0x60_0000, 0xFFFF_FFFE_FFE0_0000L, 2, 0x8000_0000_0000_000FL),
    new EfiMemoryDescriptor(11, 0xFED0_0000L, 0xFFFF_FFFE_FFF0_0000L, 1, 0x8000_0000_0000_0001L)
  };

  private final TableMachine machine = new TableMachine(32);

  private static VirtualMap given(VirtualWindow window, EfiMemoryDescriptor... regions) {
    return VirtualAddressPlanner.successor(window)
        .plan(MemoryMap.of(List.of(regions)), RegionSelection.ALL);
  }

  @Test
  void fourLevels() {
    EfiAddressSpace space =
        EfiAddressSpace.builder(
                machine.tables(PagingMode.FOUR_LEVEL),
                given(VirtualAddressPlanner.LINUX_WINDOW, REGIONS))
            .build();

    assertEquals(0x10_0000, space.tables().root());
    assertTable(0x10_0000, Map.of(0, 0x10_1003L, 511, 0x10_7003L));
    // The lower 512 GiB: identity.
    assertTable(0x10_1000, Map.of(0, 0x10_2003L, 3, 0x10_5003L));
    assertTable(0x10_2000, Map.of(0, 0x10_3003L, 2, 0x40_0083L, 3, 0x10_4003L));
    assertTable(0x10_3000, Map.of(0, 0x8000_0000_0000_0003L));
    assertTable(0x10_4000, Map.of(0, 0x8000_0000_0060_0003L, 1, 0x8000_0000_0060_1003L));
    assertTable(0x10_5000, Map.of(502, 0x10_6003L));
    assertTable(0x10_6000, Map.of(256, 0x8000_0000_FED0_001BL));
    // The window: slot 507 of the last table of pointers.
    assertTable(0x10_7000, Map.of(507, 0x10_8003L));
    assertTable(0x10_8000, Map.of(510, 0x40_0083L, 511, 0x10_9003L));
    assertTable(
        0x10_9000,
        Map.of(
            0, 0x8000_0000_0060_0003L,
            1, 0x8000_0000_0060_1003L,
            256, 0x8000_0000_FED0_001BL));
    assertEquals(10, machine.framesInUse());
  }

  /** The first page of code read-only, the rest as before: both large pages are split. */
  @Test
  void fourLevelsAfterSetVirtualAddressMap() {
    VirtualMap plan = given(VirtualAddressPlanner.LINUX_WINDOW, REGIONS);
    EfiAddressSpace space =
        EfiAddressSpace.builder(machine.tables(PagingMode.FOUR_LEVEL), plan).build();
    space
        .virtualAddressMapSet(
            Regions.permissions(
                Regions.map(REGIONS),
                new EfiMemoryDescriptor(5, 0x40_0000, 0, 1, 0x8000_0000_0002_0000L),
                new EfiMemoryDescriptor(6, 0x60_1000, 0, 1, 0x8000_0000_0002_4000L)))
        .flush();

    assertTable(0x10_2000, Map.of(0, 0x10_3003L, 2, 0x10_A003L, 3, 0x10_4003L));
    assertTable(0x10_4000, Map.of(0, 0x8000_0000_0060_0003L, 1, 0x8000_0000_0060_1001L));
    assertTable(0x10_8000, Map.of(510, 0x10_B003L, 511, 0x10_9003L));
    for (long table : new long[] {0x10_A000, 0x10_B000}) {
      assertEquals(0x40_0001L, machine.load(table, 0));
      for (int i = 1; i < 512; i++) {
        assertEquals(0x40_0003L + i * 0x1000L, machine.load(table, i));
      }
    }
  }

  /** Indices 511, 511, 507; nothing else is different. */
  @Test
  void fiveLevels() {
    EfiAddressSpace space =
        EfiAddressSpace.builder(
                machine.tables(PagingMode.FIVE_LEVEL),
                given(VirtualAddressPlanner.LINUX_WINDOW, REGIONS[1]))
            .build();

    assertEquals(0x10_0000, space.tables().root());
    assertTable(0x10_0000, Map.of(0, 0x10_1003L, 511, 0x10_6003L));
    assertTable(0x10_1000, Map.of(0, 0x10_2003L));
    assertTable(0x10_2000, Map.of(0, 0x10_3003L));
    assertTable(0x10_3000, Map.of(0, 0x10_4003L, 3, 0x10_5003L));
    assertTable(0x10_4000, Map.of(0, 0x8000_0000_0000_0003L));
    assertTable(0x10_5000, Map.of(0, 0x8000_0000_0060_0003L, 1, 0x8000_0000_0060_1003L));
    assertTable(0x10_6000, Map.of(511, 0x10_7003L));
    assertTable(0x10_7000, Map.of(507, 0x10_8003L));
    assertTable(0x10_8000, Map.of(511, 0x10_9003L));
    assertTable(0x10_9000, Map.of(0, 0x8000_0000_0060_0003L, 1, 0x8000_0000_0060_1003L));
  }

  /** PDPTEs have P only. */
  @Test
  void pae() {
    EfiMemoryDescriptor data =
        new EfiMemoryDescriptor(6, 0x60_0000, 0xFFE0_0000L, 2, 0x8000_0000_0000_0008L);
    VirtualWindow window = VirtualAddressPlanner.window(0xC000_0000L, 1L << 32);
    EfiAddressSpace.builder(machine.tables(PagingMode.PAE), given(window, data)).build();

    long[] root = {0x10_1001L, 0, 0, 0x10_4001L};
    for (int i = 0; i < root.length; i++) {
      assertEquals(root[i], machine.load(0x10_0000, i));
    }
    assertTable(0x10_1000, Map.of(0, 0x10_2003L, 3, 0x10_3003L));
    assertTable(0x10_2000, Map.of(0, 0x8000_0000_0000_0003L));
    assertTable(0x10_3000, Map.of(0, 0x8000_0000_0060_0003L, 1, 0x8000_0000_0060_1003L));
    assertTable(0x10_4000, Map.of(511, 0x10_5003L));
    assertTable(0x10_5000, Map.of(0, 0x8000_0000_0060_0003L, 1, 0x8000_0000_0060_1003L));
  }

  /** 4 bytes each, 10 bits of index, nothing that forbids execution. */
  @Test
  void legacy() {
    EfiMemoryDescriptor registers =
        new EfiMemoryDescriptor(11, 0x60_0000, 0xFFE0_0000L, 2, 0x8000_0000_0000_0001L);
    VirtualWindow window = VirtualAddressPlanner.window(0xC000_0000L, 1L << 32);
    EfiAddressSpace.builder(machine.tables(PagingMode.LEGACY_32), given(window, registers)).build();

    assertLegacyTable(0x10_0000, Map.of(0, 0x10_1003, 1, 0x10_2003, 1023, 0x10_3003));
    assertLegacyTable(0x10_1000, Map.of(0, 0x3));
    assertLegacyTable(0x10_2000, Map.of(512, 0x60_001B, 513, 0x60_101B));
    assertLegacyTable(0x10_3000, Map.of(512, 0x60_001B, 513, 0x60_101B));
  }

  private void assertTable(long table, Map<Integer, Long> entries) {
    for (int i = 0; i < 512; i++) {
      String place = Long.toHexString(table) + "[" + i + "]";
      assertEquals(entries.getOrDefault(i, 0L), machine.load(table, i), place);
    }
  }

  private void assertLegacyTable(long table, Map<Integer, Integer> entries) {
    for (int i = 0; i < 1024; i++) {
      int entry = machine.bytes.get(INT, table - TableMachine.BASE + i * 4L);
      String place = Long.toHexString(table) + "[" + i + "]";
      assertEquals(entries.getOrDefault(i, 0), entry, place);
    }
  }
}
