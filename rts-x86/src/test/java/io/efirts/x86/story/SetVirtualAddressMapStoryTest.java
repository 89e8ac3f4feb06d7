// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.VariableReader;
import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.x86.EfiHost;
import io.efirts.x86.EfiHostBuilder;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.VirtualAddressPlanner;
import io.efirts.x86.space.DirectoryMirror;
import io.efirts.x86.space.HostArea;
import io.efirts.x86.space.PageDirectoryRegistry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A story of 2012. On a machine with much memory the kernel's array of descriptors for
 * SetVirtualAddressMap lay above 512 GiB, but only the first top-level entry of its tables mapped
 * memory at its physical addresses. Firmware got the array's physical address, as the specification
 * demands, and faulted. A virtual address would have been wrong: firmware is not virtual before the
 * call returns.
 *
 * <p>What was proposed then is what is done here: a full 1:1 map, its root where 32-bit code can
 * load it, kept in step with the host's tables as they grow; and virtual addresses that a kernel
 * started by this one can use again.
 */
@Timeout(60)
class SetVirtualAddressMapStoryTest {
  private static final long PAGE = 4096;
  private static final long GIB = 1L << 30;

  /** The array lies at 1 TiB. */
  private static final MemoryRegion ARRAY =
      new MemoryRegion(new PhysicalAddress(1L << 40), CallMemory.allocate(2 * PAGE));

  private static final EfiGuid GUID = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");

  private final ReferenceMachine machine = ReferenceMachine.q35();
  private final MemoryRegion kernelMemory =
      new MemoryRegion(new PhysicalAddress(2 * GIB), CallMemory.allocate(512 * PAGE));
  private final GuestMemory memory = memory();
  private final ReferenceFirmware firmware =
      ReferenceFirmware.builder(NvImage.inMemory(NvLayout.OVMF_2M))
          .placement(machine)
          .phase(FirmwarePhase.RUNTIME)
          .build();

  private GuestMemory memory() {
    List<MemoryRegion> all = new ArrayList<>(machine.guestMemory().regions());
    all.add(ARRAY);
    all.add(kernelMemory);
    return GuestMemory.of(all);
  }

  private EfiHostBuilder builder() {
    return EfiHost.builder(PagingMode.FOUR_LEVEL, machine.memoryMap(), memory, machine.arena())
        .systemTable(machine.systemTable())
        .attributes(machine.attributesTable())
        .descriptorArray(ARRAY);
  }

  @Test
  void theArrayIsOutOfReachWhereOnlyTheFirst512GibAreMapped() {
    FirstTableHost host = new FirstTableHost(builder().build(), memory, kernelMemory);
    FirmwareInstance instance = VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      CallResult refused = dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
      assertEquals(Outcome.DISABLED, refused.outcome());
      FaultReport report = dispatcher.fault().orElseThrow();
      String text = report.toString();
      assertEquals(RuntimeService.SET_VIRTUAL_ADDRESS_MAP, report.service());
      assertTrue(text.contains("kind=NOT_MAPPED, access=READ, address=0x100000000"), text);
      assertTrue(text.contains("PML4E[2]"), text);
      assertTrue(text.contains("not present"), text);
    }
  }

  @Test
  void theFullMapReachesItWhereverItLies() {
    EfiHost host = builder().build();
    FirmwareInstance instance = VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
    assertNull(instance.failure());
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
      useVariables(dispatcher);
    }
  }

  @Test
  void itsRootMustLieBelow4Gib() {
    MemoryRegion high =
        new MemoryRegion(new PhysicalAddress(1L << 33), CallMemory.allocate(4096 * PAGE));
    List<MemoryRegion> all = new ArrayList<>(memory.regions());
    all.add(high);
    EfiHostBuilder builder =
        EfiHost.builder(PagingMode.FOUR_LEVEL, machine.memoryMap(), GuestMemory.of(all), high);
    IllegalStateException e = assertThrows(IllegalStateException.class, builder::build);
    assertTrue(e.getMessage().startsWith("root of a full identity map must lie below 4 GiB"));
  }

  /** The host adds memory: its direct map grows by a top-level entry, and 1:1 memory with it. */
  @Test
  void theOwnerlessDirectoryGrowsWithTheHost() {
    FrameBitmap frames = FrameBitmap.of(PageSize.FOUR_KIB, kernelMemory);
    PageTables reference = PageTables.builder(PagingMode.FOUR_LEVEL, memory, frames).build();
    PageTables ownerless =
        PageTables.builder(PagingMode.FOUR_LEVEL, memory, frames).rootBelow4GiB().build();
    PageDirectoryRegistry registry =
        PageDirectoryRegistry.of(
            PagingMode.FOUR_LEVEL,
            memory,
            new PhysicalAddress(reference.root()),
            HostArea.LINUX_FOUR_LEVEL);
    registry.register(ownerless, DirectoryMirror.HOST_AREA_AND_AT_ZERO);
    long directMap = 0xFFFF_8880_0000_0000L;
    long added = 1L << 40;
    reference
        .map(
            new VirtualAddress(directMap + added),
            new PhysicalAddress(added),
            GIB,
            new MappingAttributes(true, true, MappingAttributes.DATA.cacheType()))
        .ignore();
    assertTrue(ownerless.translate(added, Access.READ) < 0, "not before the host tells");
    registry.grown(reference.mode().index(4, directMap + added), 1);
    assertEquals(added, ownerless.translate(added, Access.READ));
    assertEquals(added, ownerless.translate(directMap + added, Access.READ));
  }

  /** I-24: the second kernel maps what the first has told firmware, and does not tell it again. */
  @Test
  void aSuccessorUsesTheAddressesAgain() {
    EfiHost first = builder().build();
    FirmwareInstance before = VirtualModeSwitch.perform(firmware, first, InterruptControl.NONE);
    List<EfiMemoryDescriptor> handedOver = first.virtualMap().runtime().descriptors();
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> before).start()) {
      useVariables(dispatcher);
    }
    EfiHost second = builder().successor(handedOver, VirtualAddressPlanner.LINUX_WINDOW).build();
    FirmwareInstance after =
        new FirmwareInstance(firmware, second.context(), second.crashContext());
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> after).start()) {
      VariableReader reader = new VariableReader(dispatcher.runtimeServices());
      assertTrue(reader.read("Story", GUID).isSuccess());
      CallResult again =
          dispatcher
              .abi()
              .call(RuntimeService.SET_VIRTUAL_ADDRESS_MAP, 48, 48, 1, ARRAY.base().value(), 0);
      assertEquals(EfiStatus.UNSUPPORTED, again.status());
      assertTrue(reader.read("Story", GUID).isSuccess(), "and nothing has changed");
    }
    assertThrows(
        IllegalStateException.class,
        () -> VirtualModeSwitch.perform(firmware, second, InterruptControl.NONE));
  }

  /** Every kernel that knows the distance knows the addresses, without being told. */
  @Test
  void orEverythingLiesAtAFixedDistance() {
    EfiHost host = builder().planner(VirtualAddressPlanner.fixedOffset()).build();
    for (PlannedRegion region : host.virtualMap().regions()) {
      assertEquals(region.physicalAddress() + (1L << 46), region.virtualAddress());
    }
    FirmwareInstance instance = VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
      useVariables(dispatcher);
    }
  }

  private static void useVariables(Dispatcher dispatcher) {
    MemorySegment value = MemorySegment.ofArray("once upon a time".getBytes());
    assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    CallResult set =
        dispatcher.runtimeServices().setVariable("Story", GUID, 7, value.byteSize(), value);
    assertTrue(set.isSuccess(), set.toString());
    VariableReader reader = new VariableReader(dispatcher.runtimeServices());
    assertTrue(reader.read("Story", GUID).isSuccess());
    assertEquals("once upon a time", new String(reader.data()));
  }
}
