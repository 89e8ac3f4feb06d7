// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.CallMemory;
import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.Translation;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.VirtualAddressPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A host has everything that a firmware instance needs, and firmware gets to see no more of it. */
class EfiHostTest {
  private static final long PAGE = AddressSpace.PAGE_BYTES;
  private static final VirtualWindow WINDOW_32 =
      VirtualAddressPlanner.window(0x4000_0000L, 0x8000_0000L);

  private final ReferenceHost reference = new ReferenceHost(NvImage.inMemory(NvLayout.OVMF_2M));
  private final EfiHost host = reference.host;

  @Test
  void firmwareIsSwitchedOnceOnly() {
    FirmwareInstance instance = reference.virtual();
    assertNull(instance.failure());
    assertEquals(FirmwarePhase.VIRTUAL, reference.firmware.phase());
    assertNotNull(instance.crashContext());
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> reference.virtual());
    assertEquals(
        "SetVirtualAddressMap must be called once only: it was begun before", e.getMessage());
  }

  /** I-25: gone from both aliases; what the host lent for calls stays. */
  @Test
  void bootServicesMemoryIsGoneAfterwards() {
    List<PlannedRegion> boot =
        host.virtualMap().regions().stream().filter(r -> !r.descriptor().isRuntime()).toList();
    assertFalse(boot.isEmpty());
    for (PlannedRegion region : boot) {
      assertEquals(region.physicalAddress(), translate(region.virtualAddress()));
      assertEquals(region.physicalAddress(), translate(region.physicalAddress()));
    }
    reference.virtual();
    for (PlannedRegion region : boot) {
      assertTrue(Translation.isFault(translate(region.virtualAddress())));
      long physical = region.physicalAddress();
      assertEquals(physical == 0, !Translation.isFault(translate(physical)), "page 0 stays");
    }
  }

  /** I-22: with the machine's attributes nothing is left that can be written and executed. */
  @Test
  void nothingIsWritableAndExecutableAfterwards() {
    assertFalse(host.space().writableAndExecutable().isEmpty());
    reference.virtual();
    assertEquals(List.of(), host.space().writableAndExecutable());
  }

  @Test
  void whatIsWrongWithFirmwaresTablesIsSaid() {
    reference.virtual();
    assertEquals(List.of(), host.findings());
    ReferenceMachine machine = ReferenceMachine.q35();
    List<EfiMemoryDescriptor> entries =
        new ArrayList<>(machine.attributesTable().entries().subList(1, 3));
    entries.add(new EfiMemoryDescriptor(MemoryType.LOADER_CODE, 0x1000, 0, 1, 0));
    EfiHost other =
        ReferenceHost.builder(machine, PagingMode.FOUR_LEVEL)
            .attributes(new EfiMemoryAttributesTable(1, 0, entries))
            .planner(
                VirtualAddressPlanner.topDown(
                    VirtualAddressPlanner.window(0x4000_0000L, 0x4080_0000L)))
            .build();
    String findings = String.join("\n", other.findings());
    assertTrue(findings.contains("must fit the virtual window: physicalAddress=0x"), findings);
    assertTrue(findings.contains("memory attributes entry 2: type must be runtime"), findings);
    assertTrue(findings.contains("must not be writable and executable: physicalAddress=0x"));
  }

  @Test
  void firmwareCannotReachItsOwnPageTables() {
    long root = host.space().tables().root();
    assertTrue(Translation.isFault(host.space().tables().translate(root, Access.READ)));
    assertNotEquals(root, host.identity().tables().root());
  }

  @Test
  void theFullMapHasAllMemoryAndTheAliases() {
    assertTrue(Long.compareUnsigned(host.identity().tables().root(), 1L << 32) < 0);
    for (EfiMemoryDescriptor region : reference.machine.memoryMap().regions()) {
      long last = region.physicalStart() + (region.numberOfPages() - 1) * PAGE;
      for (Access access : Access.values()) {
        assertEquals(last, host.identity().tables().translate(last, access));
      }
    }
    for (PlannedRegion region : host.virtualMap().runtime().regions()) {
      assertEquals(
          region.physicalAddress(),
          host.identity().tables().translate(region.virtualAddress(), Access.WRITE));
    }
  }

  /**
   * I-24: a successor reuses the addresses, calls firmware at once, and never switches it again.
   */
  @Test
  void aSuccessorReusesTheAddresses() {
    reference.virtual();
    List<EfiMemoryDescriptor> handedOver = host.virtualMap().runtime().descriptors();
    EfiHost successor =
        ReferenceHost.builder(reference.machine, PagingMode.FOUR_LEVEL)
            .successor(handedOver, VirtualAddressPlanner.LINUX_WINDOW)
            .build();
    assertEquals(host.virtualMap().runtime().regions(), successor.virtualMap().regions());
    assertEquals(List.of(), successor.space().writableAndExecutable());
    IllegalStateException e =
        assertThrows(IllegalStateException.class, successor::beginVirtualMode);
    assertTrue(e.getMessage().contains("another host"), e.getMessage());
  }

  @Test
  void theArrayMayLieAnywhere() {
    MemoryRegion far = new MemoryRegion(new PhysicalAddress(1L << 40), CallMemory.allocate(PAGE));
    ReferenceMachine machine = ReferenceMachine.q35();
    EfiHost with =
        EfiHost.builder(
                PagingMode.FOUR_LEVEL,
                machine.memoryMap(),
                GuestMemory.of(
                    Stream.concat(machine.guestMemory().regions().stream(), Stream.of(far))
                        .toList()),
                machine.arena())
            .descriptorArray(far)
            .build();
    assertEquals(1L << 40, with.descriptorArray(48).firmwareAddress());
    assertEquals(1L << 40, with.identity().tables().translate(1L << 40, Access.READ));
  }

  @ParameterizedTest
  @EnumSource(
      value = PagingMode.class,
      names = {"PAE", "LEGACY_32"})
  void hostsOf32BitsNeedAPlannerOfTheirOwn(PagingMode mode) {
    ReferenceMachine machine = ReferenceMachine.q35();
    EfiHostBuilder builder = ReferenceHost.builder(machine, mode);
    assertThrows(IllegalStateException.class, builder::build);
    EfiHost made = builder.planner(VirtualAddressPlanner.topDown(WINDOW_32)).build();
    assertEquals(List.of(), made.virtualMap().notPlaced());
    for (PlannedRegion region : made.virtualMap().regions()) {
      assertEquals(
          region.physicalAddress(),
          made.space().tables().translate(region.virtualAddress(), Access.READ));
    }
  }

  @Test
  void anArenaThatIsTooSmallIsRefused() {
    ReferenceMachine machine = ReferenceMachine.q35();
    MemoryRegion arena = machine.arena();
    MemoryRegion small = new MemoryRegion(arena.base(), arena.bytes().asSlice(0, 1 << 20));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                EfiHost.builder(
                        PagingMode.FOUR_LEVEL, machine.memoryMap(), machine.guestMemory(), small)
                    .build());
    assertTrue(e.getMessage().startsWith("arena must have room"), e.getMessage());
  }

  /** Page tables in memory that firmware can write, or stacks without guard pages. */
  @ParameterizedTest
  @CsvSource({"0x900000, region=0x900000", "0x8000000, range=0x8dff000"})
  void anArenaThatFirmwareCanReachIsRefused(String start, String other) {
    ReferenceMachine machine = ReferenceMachine.q35();
    MemoryRegion arena =
        new MemoryRegion(
            new PhysicalAddress(Long.decode(start)),
            CallMemory.allocate(machine.arena().bytes().byteSize() - 0x20_0000));
    List<MemoryRegion> all = new ArrayList<>(machine.firmwareRegions());
    all.add(arena);
    EfiHostBuilder builder =
        EfiHost.builder(PagingMode.FOUR_LEVEL, machine.memoryMap(), GuestMemory.of(all), arena)
            .range(new MappedPages(0x8DF_F000, 1, MappingAttributes.DATA));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals("arena must be the host's alone: arena=" + start + ", " + other, e.getMessage());
  }

  @Test
  void workItemsBeyondAllMemoryAreRefused() {
    EfiHostBuilder builder = ReferenceHost.builder(ReferenceMachine.q35(), PagingMode.FOUR_LEVEL);
    long pages = Long.MAX_VALUE & -PAGE;
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> builder.callMemory(pages).build());
    assertTrue(e.getMessage().startsWith("call memory must be"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> builder.crashCallMemory(pages));
  }

  @Test
  void anArrayThatReachesBeyondTheGuestsMemoryIsRefused() {
    ReferenceMachine machine = ReferenceMachine.q35();
    PhysicalAddress start = new PhysicalAddress(1L << 40);
    List<MemoryRegion> all = new ArrayList<>(machine.guestMemory().regions());
    all.add(new MemoryRegion(start, CallMemory.allocate(PAGE)));
    EfiHostBuilder builder =
        EfiHost.builder(
                PagingMode.FOUR_LEVEL, machine.memoryMap(), GuestMemory.of(all), machine.arena())
            .descriptorArray(new MemoryRegion(start, CallMemory.allocate(2 * PAGE)));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(e.getMessage().startsWith("array must lie in guest memory"), e.getMessage());
  }

  @Test
  void anArrayThatIsTooLongIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> host.descriptorArray(1 << 20));
  }

  private long translate(long address) {
    return host.space().tables().translate(address, Access.READ);
  }

  @Test
  void everyKindOfRuntimeRegionIsPlanned() {
    assertTrue(host.descriptors().stream().anyMatch(d -> d.type() == MemoryType.MEMORY_MAPPED_IO));
  }
}
