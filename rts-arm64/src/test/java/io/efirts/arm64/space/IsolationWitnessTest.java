// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static io.efirts.arm64.space.Regions.data;
import static io.efirts.arm64.space.Regions.map;
import static io.efirts.arm64.space.Regions.plan;
import static io.efirts.arm64.space.Regions.runtimeCode;
import static io.efirts.arm64.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.plan.PlannedRegion;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import io.efirts.arm64.plan.VirtualMap;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The witness tells every touch of a call, by region, alias and kind, and nothing else. */
class IsolationWitnessTest {
  private static final long PAGE = 4096;
  private static final long MIB = 1L << 20;

  private final TableMachine machine = new TableMachine(Granule.FOUR_KIB, 64);
  private final VirtualMap plan = plan(runtimeCode(2 * MIB, 2), runtimeData(4 * MIB, 2));
  private final PlannedRegion code = plan.regions().getFirst();
  private final PlannedRegion store = plan.regions().getLast();
  private final EfiAddressSpace space =
      EfiAddressSpace.builder(machine.tables(), plan)
          .range(data(8 * MIB, 1))
          .range(data(5 * MIB, 1))
          .build();
  private final IsolationWitness witness =
      new IsolationWitness(space.tables(), plan, List.of(data(8 * MIB, 1)));
  private final AddressSpaceView firmware =
      new AddressSpaceView(
          witness,
          GuestMemory.of(
              List.of(
                  new MemoryRegion(
                      new PhysicalAddress(0), Arena.ofAuto().allocate(16 * MIB, PAGE)))));

  private static TouchedRange touched(PlannedRegion region, Alias alias, Access... accesses) {
    return new TouchedRange(
        region.physicalAddress(), region.pages(), region, alias, Set.of(accesses));
  }

  @Test
  void aWitnessOfNothingHasSeenNothing() {
    assertEquals(List.of(), witness.touched());
    assertEquals(new OutsideTouches(0, 0, null), witness.outside());
  }

  @Test
  void everyRegionAliasAndKindIsTold() {
    firmware.fetch(code.virtualAddress() + 2 * PAGE - 1);
    firmware.getInt(code.virtualAddress());
    firmware.putLong(store.physicalAddress() + 8, 1);
    firmware.getByte(store.virtualAddress());
    firmware.getByte(8 * MIB + 4095);
    assertEquals(
        List.of(
            touched(code, Alias.VIRTUAL, Access.READ, Access.EXECUTE),
            touched(store, Alias.PHYSICAL, Access.WRITE),
            touched(store, Alias.VIRTUAL, Access.READ),
            new TouchedRange(8 * MIB, 1, null, Alias.PHYSICAL, Set.of(Access.READ))),
        witness.touched());
    assertEquals(0, witness.outside().count());
  }

  @Test
  void theNextCallBeginsWithNothing() {
    firmware.putByte(4 * MIB, (byte) 1);
    assertThrows(FirmwareFault.class, () -> firmware.getByte(16 * MIB));
    witness.begin();
    assertEquals(List.of(), witness.touched());
    assertEquals(new OutsideTouches(0, 0, null), witness.outside());
  }

  /** The fault is the firmware's; that it was tried is known nevertheless. */
  @Test
  void whatWasTriedInVainCounts() {
    assertThrows(FirmwareFault.class, () -> firmware.fetch(store.virtualAddress()));
    assertEquals(List.of(touched(store, Alias.VIRTUAL, Access.EXECUTE)), witness.touched());
  }

  @Test
  void whatWasNotDeclaredIsOutsideWhetherItIsMappedOrNot() {
    assertThrows(FirmwareFault.class, () -> firmware.putInt(7 * MIB, 1));
    firmware.getByte(5 * MIB);
    assertThrows(FirmwareFault.class, () -> firmware.fetch(1L << 63));
    assertEquals(new OutsideTouches(3, 7 * MIB, Access.WRITE), witness.outside());
    assertEquals(List.of(), witness.touched());
  }

  /** What rounding has mapped works, which is why somebody must look. */
  @Test
  void theRestOfAGranuleIsOutside() {
    EfiAddressSpace large =
        EfiAddressSpace.builder(new TableMachine(Granule.SIXTY_FOUR_KIB, 16).tables(), plan)
            .build();
    IsolationWitness over = new IsolationWitness(large.tables(), plan, List.of());
    assertEquals(4 * MIB + 3 * PAGE, over.translate(4 * MIB + 3 * PAGE, Access.WRITE));
    assertEquals(new OutsideTouches(1, 4 * MIB + 3 * PAGE, Access.WRITE), over.outside());
  }

  @Test
  void theBoundsOfRegionsAreExact() {
    for (PlannedRegion region : plan.regions()) {
      for (long first : new long[] {region.physicalAddress(), region.virtualAddress()}) {
        witness.begin();
        witness.translate(first, Access.READ);
        witness.translate(first + 2 * PAGE - 1, Access.WRITE);
        Alias alias = first == region.physicalAddress() ? Alias.PHYSICAL : Alias.VIRTUAL;
        assertEquals(List.of(touched(region, alias, Access.READ, Access.WRITE)), witness.touched());
        assertEquals(0, witness.outside().count());
        witness.begin();
        witness.translate(first - 1, Access.READ);
        witness.translate(first + 2 * PAGE, Access.READ);
        assertEquals(List.of(), witness.touched());
        assertEquals(new OutsideTouches(2, first - 1, Access.READ), witness.outside());
      }
    }
  }

  @Test
  void anAccessAcrossTwoPagesTouchesBoth() {
    firmware.getLong(4 * MIB + PAGE - 4);
    assertEquals(List.of(touched(store, Alias.PHYSICAL, Access.READ)), witness.touched());
    assertThrows(FirmwareFault.class, () -> firmware.getLong(4 * MIB + 2 * PAGE - 4));
    assertEquals(new OutsideTouches(1, 4 * MIB + 2 * PAGE, Access.READ), witness.outside());
  }

  @Test
  void whatARangeSharesWithARegionIsTheRegions() {
    IsolationWitness shared =
        new IsolationWitness(space.tables(), plan, List.of(data(4 * MIB + PAGE, 2)));
    shared.translate(4 * MIB + PAGE, Access.READ);
    assertEquals(List.of(touched(store, Alias.PHYSICAL, Access.READ)), shared.touched());
    shared.begin();
    shared.translate(4 * MIB + 2 * PAGE, Access.READ);
    assertEquals(
        List.of(new TouchedRange(4 * MIB + PAGE, 2, null, Alias.PHYSICAL, Set.of(Access.READ))),
        shared.touched());
  }

  @Test
  void aRegionWhoseAddressesAreTheSameHasOneAlias() {
    VirtualMap same = VirtualAddressPlanner.identity().plan(map(runtimeData(4 * MIB, 1)));
    IsolationWitness mixed = new IsolationWitness(space.tables(), same, List.of());
    mixed.translate(4 * MIB, Access.READ);
    assertEquals(
        List.of(touched(same.regions().getFirst(), Alias.PHYSICAL, Access.READ)), mixed.touched());
  }

  @Test
  void allElseIsTheAddressSpacesOwn() {
    assertEquals(space.tables().root(), witness.root());
    VirtualAddress at = new VirtualAddress(32 * MIB);
    witness.map(at, new PhysicalAddress(MIB), PAGE, MappingAttributes.DATA).flush();
    assertEquals(MIB, space.tables().translate(32 * MIB, Access.WRITE));
    witness.protect(at, PAGE, MappingAttributes.CODE).flush();
    assertTrue(Translation.isFault(space.tables().translate(32 * MIB, Access.WRITE)));
    assertEquals(MIB, witness.translate(32 * MIB, Access.EXECUTE));
    witness.unmap(at, PAGE).flush();
    assertTrue(Translation.isFault(space.tables().translate(32 * MIB, Access.EXECUTE)));
  }

  @Test
  void watchingAllocatesNothing() {
    int times = 20_000;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 2 * times; i++) {
      if (i == times) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      witness.begin();
      witness.translate(store.virtualAddress() + i % PAGE, Access.WRITE);
      witness.translate(7 * MIB + i, Access.READ);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < times, () -> "bytes=" + allocated);
    assertEquals(1, witness.outside().count());
  }
}
