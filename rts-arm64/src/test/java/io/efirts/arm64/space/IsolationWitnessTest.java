// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static io.efirts.arm64.space.Regions.data;
import static io.efirts.arm64.space.Regions.map;
import static io.efirts.arm64.space.Regions.plan;
import static io.efirts.arm64.space.Regions.runtimeCode;
import static io.efirts.arm64.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.Alias;
import io.efirts.api.space.IsolationWitness;
import io.efirts.api.space.OutsideTouches;
import io.efirts.api.space.TouchedRange;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the witness tells of the tables of an EFI address space. */
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
  void aRegionWhoseAddressesAreTheSameHasOneAlias() {
    VirtualMap same = VirtualAddressPlanner.identity().plan(map(runtimeData(4 * MIB, 1)));
    IsolationWitness mixed = new IsolationWitness(space.tables(), same, List.of());
    mixed.translate(4 * MIB, Access.READ);
    assertEquals(
        List.of(touched(same.regions().getFirst(), Alias.PHYSICAL, Access.READ)), mixed.touched());
  }
}
