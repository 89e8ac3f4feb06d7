// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.CallMemory;
import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
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
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.arm64.context.Preemption;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host has everything that a firmware instance needs, and firmware gets to see no more of it. */
class EfiHostTest {
  private static final long PAGE = AddressSpace.PAGE_BYTES;

  /** Room for the flash and its neighbour, and no more. */
  private static final VirtualWindow SMALL_WINDOW =
      VirtualAddressPlanner.window(0x2000_0000L, 0x2410_0000L);

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

  /** I-25: it never has a virtual address; what the host lent for calls stays. */
  @Test
  void bootServicesMemoryIsGoneAfterwards() {
    List<EfiMemoryDescriptor> boot =
        reference.machine.memoryMap().regions().stream().filter(EfiHostTest::isBoot).toList();
    assertFalse(boot.isEmpty());
    for (EfiMemoryDescriptor region : boot) {
      assertEquals(region.physicalStart(), translate(region.physicalStart()));
    }
    reference.virtual();
    for (EfiMemoryDescriptor region : boot) {
      long last = region.physicalStart() + (region.numberOfPages() - 1) * PAGE;
      assertTrue(Translation.isFault(translate(region.physicalStart())));
      assertTrue(Translation.isFault(translate(last)));
    }
    long calls = host.context().callMemory(PAGE).firmwareAddress();
    assertEquals(calls, translate(calls));
  }

  private static boolean isBoot(EfiMemoryDescriptor region) {
    return region.type() == MemoryType.BOOT_SERVICES_CODE
        || region.type() == MemoryType.BOOT_SERVICES_DATA;
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
    ReferenceMachine machine = ReferenceMachine.virt();
    List<EfiMemoryDescriptor> entries =
        new ArrayList<>(machine.attributesTable().entries().subList(1, 3));
    entries.add(new EfiMemoryDescriptor(MemoryType.LOADER_CODE, 0x1000, 0, 1, 0));
    EfiHost other =
        ReferenceHost.builder(machine, ReferenceHost.MODE)
            .attributes(new EfiMemoryAttributesTable(1, 0, entries))
            .planner(VirtualAddressPlanner.bottomUp(SMALL_WINDOW))
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
    assertEquals(List.of(), host.identity().notMapped());
    for (EfiMemoryDescriptor region : reference.machine.memoryMap().regions()) {
      long last = region.physicalStart() + (region.numberOfPages() - 1) * PAGE;
      for (Access access : Access.values()) {
        boolean fetchOfRegisters =
            access == Access.EXECUTE && region.type() == MemoryType.MEMORY_MAPPED_IO;
        long found = host.identity().tables().translate(last, access);
        assertEquals(fetchOfRegisters, Translation.isFault(found));
        assertTrue(fetchOfRegisters || found == last);
      }
    }
    for (PlannedRegion region : host.virtualMap().regions()) {
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
    List<EfiMemoryDescriptor> handedOver = host.virtualMap().descriptors();
    EfiHost successor =
        ReferenceHost.builder(reference.machine, ReferenceHost.MODE)
            .successor(handedOver, VirtualAddressPlanner.LINUX_WINDOW)
            .build();
    assertEquals(host.virtualMap().regions(), successor.virtualMap().regions());
    assertEquals(List.of(), successor.space().writableAndExecutable());
    IllegalStateException e =
        assertThrows(IllegalStateException.class, successor::beginVirtualMode);
    assertTrue(e.getMessage().contains("another host"), e.getMessage());
  }

  @Test
  void theArrayMayLieAnywhere() {
    MemoryRegion far = new MemoryRegion(new PhysicalAddress(1L << 40), CallMemory.allocate(PAGE));
    ReferenceMachine machine = ReferenceMachine.virt();
    EfiHost with =
        EfiHost.builder(
                ReferenceHost.MODE,
                machine.memoryMap(),
                GuestMemory.of(
                    Stream.concat(machine.guestMemory().regions().stream(), Stream.of(far))
                        .toList()),
                machine.arena())
            .descriptorArray(far)
            .build();
    assertEquals(1L << 40, with.descriptorArray(48).firmwareAddress());
    assertEquals(1L << 40, with.identity().tables().translate(1L << 40, Access.READ));
    ReferenceFirmware firmware =
        ReferenceFirmware.builder(NvImage.inMemory(NvLayout.OVMF_2M))
            .placement(machine)
            .phase(FirmwarePhase.RUNTIME)
            .build();
    assertNull(VirtualModeSwitch.perform(firmware, with, InterruptControl.NONE).failure());
  }

  /** Everything of firmware's lies below 64 GiB, which every mode can express. */
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB, 36",
    "SIXTEEN_KIB, 36",
    "SIXTEEN_KIB, 47",
    "SIXTY_FOUR_KIB, 42",
    "FOUR_KIB, 52",
    "SIXTEEN_KIB, 50",
    "SIXTY_FOUR_KIB, 52"
  })
  void aHostCanHaveEveryGranuleAndAddressSize(Granule granule, int bits) {
    ReferenceHost other =
        new ReferenceHost(
            NvImage.inMemory(NvLayout.OVMF_2M), new PagingMode(granule, bits), same -> same);
    assertNull(other.virtual().failure());
    for (PlannedRegion region : other.host.virtualMap().regions()) {
      assertEquals(
          region.physicalAddress(),
          other.host.space().tables().translate(region.virtualAddress(), Access.READ));
    }
  }

  /** Entries would be read in another form than they were written in. */
  @Test
  void aProcessorWithDsNeedsTablesForIt() {
    ReferenceMachine machine = ReferenceMachine.virt();
    PagingMode plain = ReferenceHost.MODE;
    PagingMode lpa2 = new PagingMode(Granule.FOUR_KIB, 48, 52);
    ModelArm64Vcpu vcpu = ModelArm64Vcpu.of(lpa2, MairTypes.EARLY_ACKNOWLEDGE, 0);
    assertEquals(
        "TCR_EL1.DS must be clear for the address space's tables: register=0x800001600003010",
        assertThrows(
                IllegalArgumentException.class,
                () -> ReferenceHost.builder(machine, plain).vcpu(vcpu).build())
            .getMessage());
    EfiHost made = ReferenceHost.builder(ReferenceMachine.virt(), lpa2).vcpu(vcpu).build();
    assertEquals(52, made.space().tables().physicalBits());
    ModelArm64Vcpu without = ModelArm64Vcpu.of(plain, MairTypes.EARLY_ACKNOWLEDGE, 0);
    assertEquals(
        "TCR_EL1.DS must be set for the address space's tables: register=0x1500000010",
        assertThrows(
                IllegalArgumentException.class,
                () -> ReferenceHost.builder(ReferenceMachine.virt(), lpa2).vcpu(without).build())
            .getMessage());
  }

  /** It puts out 52 bits, which entries of 48 cannot ask for. */
  @Test
  void aProcessorMayPutOutMoreThanEntriesHold() {
    ModelArm64Vcpu vcpu = ModelArm64Vcpu.of(ReferenceHost.MODE, MairTypes.EARLY_ACKNOWLEDGE, 0);
    vcpu.loadTcr(vcpu.tcr() & ~(7L << 32) | 6L << 32);
    EfiHost made =
        ReferenceHost.builder(ReferenceMachine.virt(), ReferenceHost.MODE).vcpu(vcpu).build();
    assertEquals(48, made.space().tables().physicalBits());
  }

  @Test
  void anArenaThatDoesNotStartOnAGranuleIsRefused() {
    ReferenceMachine machine = ReferenceMachine.virt();
    MemoryRegion all = machine.arena();
    MemoryRegion arena =
        new MemoryRegion(
            new PhysicalAddress(all.base().value() + 0x4000),
            all.bytes().asSlice(0x4000, all.bytes().byteSize() - 0x4000));
    PagingMode mode = new PagingMode(Granule.SIXTY_FOUR_KIB, 48);
    EfiHostBuilder builder =
        EfiHost.builder(mode, machine.memoryMap(), machine.guestMemory(), arena);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "arena must start on a multiple of the granule: arena=PA 0x48004000, granule=64 KiB",
        e.getMessage());
  }

  @Test
  void anArenaThatIsTooSmallIsRefused() {
    ReferenceMachine machine = ReferenceMachine.virt();
    MemoryRegion arena = machine.arena();
    MemoryRegion small = new MemoryRegion(arena.base(), arena.bytes().asSlice(0, 1 << 20));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                EfiHost.builder(
                        ReferenceHost.MODE, machine.memoryMap(), machine.guestMemory(), small)
                    .build());
    assertTrue(e.getMessage().startsWith("arena must have room"), e.getMessage());
  }

  /** Page tables in memory that firmware can write, or stacks without guard pages. */
  @ParameterizedTest
  @CsvSource({"0x3800000, region=0x4000000", "0x48000000, range=0x48dff000"})
  void anArenaThatFirmwareCanReachIsRefused(String start, String other) {
    ReferenceMachine machine = ReferenceMachine.virt();
    MemoryRegion arena =
        new MemoryRegion(
            new PhysicalAddress(Long.decode(start)),
            CallMemory.allocate(machine.arena().bytes().byteSize() - 0x20_0000));
    List<MemoryRegion> all = new ArrayList<>(machine.firmwareRegions());
    all.add(arena);
    EfiHostBuilder builder =
        EfiHost.builder(ReferenceHost.MODE, machine.memoryMap(), GuestMemory.of(all), arena)
            .range(new MappedPages(0x48DF_F000, 1, MappingAttributes.DATA));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals("arena must be the host's alone: arena=" + start + ", " + other, e.getMessage());
  }

  @Test
  void workItemsBeyondAllMemoryAreRefused() {
    EfiHostBuilder builder = ReferenceHost.builder(ReferenceMachine.virt(), ReferenceHost.MODE);
    long pages = Long.MAX_VALUE & -PAGE;
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> builder.callMemory(pages).build());
    assertTrue(e.getMessage().startsWith("call memory must be"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> builder.crashCallMemory(pages));
  }

  @Test
  void anArrayThatReachesBeyondTheGuestsMemoryIsRefused() {
    ReferenceMachine machine = ReferenceMachine.virt();
    PhysicalAddress start = new PhysicalAddress(1L << 40);
    List<MemoryRegion> all = new ArrayList<>(machine.guestMemory().regions());
    all.add(new MemoryRegion(start, CallMemory.allocate(PAGE)));
    EfiHostBuilder builder =
        EfiHost.builder(
                ReferenceHost.MODE, machine.memoryMap(), GuestMemory.of(all), machine.arena())
            .descriptorArray(new MemoryRegion(start, CallMemory.allocate(2 * PAGE)));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(e.getMessage().startsWith("array must lie in guest memory"), e.getMessage());
  }

  /** Boot services memory is firmware's until the switch, and for ever without one. */
  @Test
  void anArenaInBootServicesMemoryIsRefused() {
    ReferenceMachine machine = ReferenceMachine.virt();
    MemoryRegion arena =
        new MemoryRegion(
            new PhysicalAddress(0x4CA0_0000),
            CallMemory.allocate(machine.arena().bytes().byteSize()));
    List<MemoryRegion> all = new ArrayList<>(machine.firmwareRegions());
    all.add(arena);
    EfiHostBuilder builder =
        EfiHost.builder(ReferenceHost.MODE, machine.memoryMap(), GuestMemory.of(all), arena);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "arena must be the host's alone: arena=0x4ca00000, region=0x4c810000", e.getMessage());
    builder.successor(host.virtualMap().descriptors(), VirtualAddressPlanner.LINUX_WINDOW).build();
  }

  /** The worker adopts firmware's address space; a panic enters its own on top of a call. */
  @Test
  void bothContextsAreOnTheSchedulersProcessor() {
    ModelArm64Vcpu vcpu = ModelArm64Vcpu.of(ReferenceHost.MODE, MairTypes.EARLY_ACKNOWLEDGE, 0);
    HostProcessor processor = new HostProcessor(vcpu);
    EfiHost scheduled =
        new ReferenceHost(
                NvImage.inMemory(NvLayout.OVMF_2M), builder -> builder.scheduler(processor))
            .host;
    assertEquals(Preemption.PREEMPTIBLE, scheduled.context().preemption());
    scheduled.context().adoptedSpace().adopt(vcpu);
    long efi = scheduled.space().tables().root();
    FirmwareContext.SaveArea call = scheduled.context().newSaveArea();
    FirmwareContext.SaveArea panic = scheduled.crashContext().newSaveArea();
    scheduled.context().enter(call);
    assertTrue(scheduled.context().adoptedSpace().isCallUnderWay());
    scheduled.crashContext().enter(panic);
    assertEquals(scheduled.identity().tables().root(), vcpu.addressSpaceRoot());
    assertEquals(0, scheduled.crashContext().leave(panic));
    assertEquals(efi, vcpu.addressSpaceRoot());
    assertEquals(0, scheduled.context().leave(call));
    assertEquals(efi, vcpu.addressSpaceRoot());
    assertEquals(0, processor.disabled());
  }

  /** Both lie in TTBR0: where memory is, no virtual address can be, and another window helps. */
  @Test
  void aMachineWithMemoryWhereLinuxPutsFirmwareNeedsAnotherWindow() {
    List<EfiMemoryDescriptor> regions = new ArrayList<>(reference.machine.memoryMap().regions());
    regions.add(
        new EfiMemoryDescriptor(
            MemoryType.CONVENTIONAL_MEMORY, 0x2000_0000, 0, 256, MemoryAttributes.WB));
    EfiHostBuilder builder =
        EfiHost.builder(
            ReferenceHost.MODE,
            MemoryMap.of(regions),
            reference.machine.guestMemory(),
            reference.machine.arena());
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(e.getMessage().startsWith("a granule must have one meaning at an address"));
    VirtualWindow above = VirtualAddressPlanner.window(1L << 32, 1L << 36);
    EfiHost made = builder.planner(VirtualAddressPlanner.bottomUp(above)).build();
    assertEquals(List.of(), made.virtualMap().notPlaced());
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
