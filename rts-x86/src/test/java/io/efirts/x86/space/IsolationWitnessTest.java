// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import static io.efirts.x86.space.Regions.data;
import static io.efirts.x86.space.Regions.map;
import static io.efirts.x86.space.Regions.plan;
import static io.efirts.x86.space.Regions.runtimeCode;
import static io.efirts.x86.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.Alias;
import io.efirts.api.space.IsolationWitness;
import io.efirts.api.space.OutsideTouches;
import io.efirts.api.space.TouchedRange;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the witness tells of the tables of an EFI address space. */
class IsolationWitnessTest {
  private static final long PAGE = 4096;
  private static final long MIB = 1L << 20;
  private static final long DIRECT = 0xFFFF_8880_0000_0000L;

  private final TableMachine machine = new TableMachine(64);
  private final VirtualMap plan = plan(runtimeCode(2 * MIB, 2), runtimeData(4 * MIB, 2));
  private final PlannedRegion code = plan.regions().getFirst();
  private final PlannedRegion store = plan.regions().getLast();
  private final PageTables host = machine.tables(PagingMode.FOUR_LEVEL).build();
  private final EfiAddressSpace space =
      EfiAddressSpace.builder(machine.tables(PagingMode.FOUR_LEVEL), plan)
          .range(data(8 * MIB, 1))
          .range(data(5 * MIB, 1))
          .host(new HostTables(PagingMode.FOUR_LEVEL, new PhysicalAddress(host.root())))
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

  /** O4: what firmware reads of the host's by mistake works, which is why somebody must look. */
  @Test
  void theHostsMemoryIsOutside() {
    host.map(new VirtualAddress(DIRECT), new PhysicalAddress(0), PAGE, MappingAttributes.DATA)
        .flush();
    space.prepareEntry();
    firmware.getByte(DIRECT + 8);
    assertEquals(new OutsideTouches(1, DIRECT + 8, Access.READ), witness.outside());
  }

  @Test
  void aRegionWhoseAddressesAreTheSameHasOneAlias() {
    VirtualMap same =
        VirtualAddressPlanner.mixedMode()
            .plan(map(runtimeData(4 * MIB, 1)), RegionSelection.RUNTIME);
    IsolationWitness mixed = new IsolationWitness(space.tables(), same, List.of());
    mixed.translate(4 * MIB, Access.READ);
    assertEquals(
        List.of(touched(same.regions().getFirst(), Alias.PHYSICAL, Access.READ)), mixed.touched());
  }
}
