// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.flat.FlatAddressSpace;
import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The witness tells every touch of a call, by region, alias and kind, and nothing else. */
class IsolationWitnessTest {
  private static final long PAGE = 4096;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private final PlannedRegion code =
      region(MemoryType.RUNTIME_SERVICES_CODE, 2 * MIB, GIB + 2 * MIB, 2);
  private final PlannedRegion store =
      region(MemoryType.RUNTIME_SERVICES_DATA, 4 * MIB, GIB + 4 * MIB, 2);
  private final VirtualMap plan =
      VirtualMap.of(new VirtualWindow(GIB, 2 * GIB, PAGE), List.of(code, store));
  private final PagedSpace space = new PagedSpace(7);
  private final IsolationWitness witness =
      new IsolationWitness(space, plan, List.of(data(8 * MIB, 1)));
  private final AddressSpaceView firmware =
      new AddressSpaceView(
          witness,
          GuestMemory.of(
              List.of(
                  new MemoryRegion(
                      new PhysicalAddress(0), Arena.ofAuto().allocate(16 * MIB, PAGE)))));

  IsolationWitnessTest() {
    for (PlannedRegion region : plan.regions()) {
      MappingAttributes attributes =
          region == code ? MappingAttributes.CODE : MappingAttributes.DATA;
      map(region.physicalAddress(), region.physicalAddress(), 2, attributes);
      map(region.virtualAddress(), region.physicalAddress(), 2, attributes);
    }
    map(5 * MIB, 5 * MIB, 1, MappingAttributes.DATA);
    map(8 * MIB, 8 * MIB, 1, MappingAttributes.DATA);
  }

  private void map(long virtual, long physical, long pages, MappingAttributes attributes) {
    space.map(new VirtualAddress(virtual), new PhysicalAddress(physical), pages * PAGE, attributes);
  }

  private static PlannedRegion region(int type, long physical, long virtual, long pages) {
    long attribute = MemoryAttributes.RUNTIME | MemoryAttributes.WB;
    return new PlannedRegion(type, physical, virtual, pages, attribute, true);
  }

  private static MappedPages data(long physicalStart, long pages) {
    return new MappedPages(physicalStart, pages, MappingAttributes.DATA);
  }

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
    IsolationWitness shared = new IsolationWitness(space, plan, List.of(data(4 * MIB + PAGE, 2)));
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
    PlannedRegion only = region(MemoryType.RUNTIME_SERVICES_DATA, 4 * MIB, 4 * MIB, 1);
    VirtualMap same = VirtualMap.of(new VirtualWindow(0, GIB, PAGE), List.of(only));
    IsolationWitness mixed = new IsolationWitness(space, same, List.of());
    mixed.translate(4 * MIB, Access.READ);
    assertEquals(List.of(touched(only, Alias.PHYSICAL, Access.READ)), mixed.touched());
  }

  @Test
  void allElseIsTheAddressSpacesOwn() {
    assertEquals(space.root(), witness.root());
    VirtualAddress at = new VirtualAddress(32 * MIB);
    witness.map(at, new PhysicalAddress(MIB), PAGE, MappingAttributes.DATA).flush();
    assertEquals(MIB, space.translate(32 * MIB, Access.WRITE));
    witness.protect(at, PAGE, MappingAttributes.CODE).flush();
    assertTrue(Translation.isFault(space.translate(32 * MIB, Access.WRITE)));
    assertEquals(MIB, witness.translate(32 * MIB, Access.EXECUTE));
    witness.unmap(at, PAGE).flush();
    assertTrue(Translation.isFault(space.translate(32 * MIB, Access.EXECUTE)));
  }

  @Test
  void watchingAllocatesNothing() {
    int times = 20_000;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    IsolationWitness watching = new IsolationWitness(new FlatAddressSpace(1), plan, List.of());
    long before = 0;
    for (int i = 0; i < 2 * times; i++) {
      if (i == times) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      watching.begin();
      watching.translate(store.virtualAddress() + i % PAGE, Access.WRITE);
      watching.translate(7 * MIB + i, Access.READ);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < times, () -> "bytes=" + allocated);
    assertEquals(1, watching.outside().count());
  }
}
