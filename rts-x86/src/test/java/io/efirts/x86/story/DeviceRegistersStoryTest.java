// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.space.Alias;
import io.efirts.api.space.TouchedRange;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
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
import io.efirts.x86.space.HostTables;
import io.efirts.x86.space.MmioRange;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A story of 2016. A machine's hub has registers that its firmware and its kernel both use. The
 * kernel had them mapped by accident, since firmware's mappings were made in the kernel's own
 * tables; when firmware got tables of its own, both sides faulted: the kernel, which had never
 * mapped the registers, and a vendor's callback, which ran on the kernel's tables.
 *
 * <p>Here firmware has tables of its own from the beginning, a vendor's entry is called like any
 * service, and registers that both sides need are declared: mapped in both tables, on purpose.
 */
@Timeout(60)
class DeviceRegistersStoryTest {
  private static final long PAGE = 4096;

  /** The hub's registers, far above memory. */
  private static final long HUB = 0xF6_0000_0000L;

  private static final long HUB_NODE_ID = HUB + 0x10;
  private static final int NODE_ID = 0x5A;

  /** Where the kernel has them once it maps them itself. */
  private static final long HUB_IN_HOST = 0xFFFF_C900_0000_0000L;

  /** Kernel memory that firmware has no business with. */
  private static final long HOST_SECRET = 0x2000_0000L;

  private final ReferenceMachine machine = ReferenceMachine.q35();
  private final MemoryRegion hub = region(HUB, 16);
  private final MemoryRegion hostMemory = region(HOST_SECRET, 64);
  private final GuestMemory memory =
      GuestMemory.of(
          List.of(
              machine.firmwareRegions().get(0),
              machine.firmwareRegions().get(1),
              machine.firmwareRegions().get(2),
              machine.arena(),
              hub,
              hostMemory));

  /** The kernel's tables: its own memory, 1:1 and nothing else. */
  private final PageTables hostTables =
      PageTables.builder(
              PagingMode.FOUR_LEVEL, memory, FrameBitmap.of(PageSize.FOUR_KIB, hostMemory))
          .build();

  private final ModelX86Vcpu vcpu = ModelX86Vcpu.of(PagingMode.FOUR_LEVEL, hostTables.root());
  private final List<Long> rootsInside = new ArrayList<>();
  private EfiHost host;

  DeviceRegistersStoryTest() {
    hub.bytes().set(ValueLayout.JAVA_INT_UNALIGNED, 0x10, NODE_ID);
    hostTables
        .map(
            new VirtualAddress(HOST_SECRET),
            new PhysicalAddress(HOST_SECRET),
            64 * PAGE,
            MappingAttributes.DATA)
        .ignore();
  }

  private static MemoryRegion region(long base, int pages) {
    return new MemoryRegion(new PhysicalAddress(base), CallMemory.allocate(pages * PAGE));
  }

  /** The vendor's callback: reads which node this is, from the hub. */
  private long vendorEntry(CallFrame frame) {
    AddressSpaceView view = frame.memory();
    view.fetch(frame.vendorEntryPoint());
    rootsInside.add(vcpu.addressSpaceRoot());
    return view.getInt(frame.word(0));
  }

  private Dispatcher start(UnaryOperator<EfiHostBuilder> change) {
    EfiHostBuilder builder =
        EfiHost.builder(PagingMode.FOUR_LEVEL, machine.memoryMap(), memory, machine.arena())
            .systemTable(machine.systemTable())
            .attributes(machine.attributesTable())
            .host(new HostTables(PagingMode.FOUR_LEVEL, new PhysicalAddress(hostTables.root())))
            .vcpu(vcpu)
            .witnessed();
    host = change.apply(builder).build();
    Firmware reference =
        ReferenceFirmware.builder(NvImage.inMemory(NvLayout.OVMF_2M))
            .placement(machine)
            .phase(FirmwarePhase.RUNTIME)
            .resetHandler((type, status, data, bytes) -> rootsInside.add(vcpu.addressSpaceRoot()))
            .build();
    Firmware firmware =
        frame -> frame.service() == null ? vendorEntry(frame) : reference.call(frame);
    FirmwareInstance instance = VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
    return Dispatcher.builder().invoker().firmware(() -> instance).start();
  }

  /** The vendor's code lies in the region of runtime code; it is called at its virtual address. */
  private long entry() {
    long code = machine.placement().flashDriver().codeStart();
    for (PlannedRegion region : host.virtualMap().regions()) {
      long offset = code - region.physicalAddress();
      if (offset >= 0 && offset < region.lengthBytes()) {
        return region.virtualAddress() + offset;
      }
    }
    throw new AssertionError("code must be planned");
  }

  private CallResult callVendor(Dispatcher dispatcher, long address) {
    RuntimeServicesAbi abi = dispatcher.abi();
    return abi.callVendor(entry(), 1, address, 0, 0, 0, 0, 0);
  }

  @Test
  void registersThatNobodyDeclaredAreAContainedFaultThatSaysWhatIsMissing() {
    try (Dispatcher dispatcher = start(builder -> builder)) {
      assertEquals(Outcome.FAULTED, callVendor(dispatcher, HUB_NODE_ID).outcome());
      FaultReport report = dispatcher.fault().orElseThrow();
      String text = report.toString();
      assertTrue(text.contains("vendor entry 0x" + Long.toHexString(entry())), text);
      assertTrue(
          text.contains(
              "{type = 0xb, pad = 0x0, phys_addr = 0xf600000000, virt_addr = 0x0,"
                  + " num_pages = 0x1, attribute = 0x8000000000000001}"),
          text);
      assertEquals(1, host.witness().outside().count());
      assertEquals(HUB_NODE_ID, host.witness().outside().firstAddress());
      assertEquals(hostTables.root(), vcpu.addressSpaceRoot(), "the kernel goes on");
    }
  }

  @Test
  void whatTheHostHasMappedForItselfHelpsFirmwareNothing() {
    new MmioRange(HUB, 16).mapInHost(hostTables, new VirtualAddress(HUB)).ignore();
    try (Dispatcher dispatcher = start(builder -> builder)) {
      assertEquals(Outcome.FAULTED, callVendor(dispatcher, HUB_NODE_ID).outcome());
    }
  }

  @Test
  void theFixIsOneRangeThatIsMappedInBothTables() {
    MmioRange registers = new MmioRange(HUB, 16);
    registers.mapInHost(hostTables, new VirtualAddress(HUB_IN_HOST)).ignore();
    try (Dispatcher dispatcher = start(builder -> builder.mmio(registers))) {
      assertEquals(NODE_ID, callVendor(dispatcher, HUB_NODE_ID).status().raw());
      AddressSpaceView kernel = new AddressSpaceView(hostTables, memory);
      assertEquals(NODE_ID, kernel.getInt(HUB_IN_HOST + 0x10));
      for (String side :
          List.of(
              hostTables.explain(new VirtualAddress(HUB_IN_HOST)).toString(),
              host.space().tables().explain(new VirtualAddress(HUB)).toString())) {
        assertTrue(side.contains("rw- UNCACHED"), side);
      }
    }
  }

  @Test
  void aRegionInFirmwaresOwnMapIsAsGood() {
    List<EfiMemoryDescriptor> regions = new ArrayList<>(machine.memoryMap().regions());
    regions.add(
        new EfiMemoryDescriptor(
            MemoryType.MEMORY_MAPPED_IO,
            HUB,
            0,
            16,
            MemoryAttributes.UC | MemoryAttributes.RUNTIME));
    MemoryMap repaired = MemoryMap.of(regions);
    EfiHost made =
        EfiHost.builder(PagingMode.FOUR_LEVEL, repaired, memory, machine.arena()).build();
    assertEquals(HUB, made.space().tables().translate(HUB, Access.WRITE));
  }

  /** I-2: whatever the way in, firmware runs on its own tables, and the host goes on on its own. */
  @Test
  void nothingIsEverCalledOnTheHostsTables() {
    MmioRange registers = new MmioRange(HUB, 16);
    try (Dispatcher dispatcher = start(builder -> builder.mmio(registers))) {
      callVendor(dispatcher, HUB_NODE_ID);
      assertEquals(hostTables.root(), vcpu.addressSpaceRoot());
      dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
      assertEquals(hostTables.root(), vcpu.addressSpaceRoot());
      dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
      assertEquals(hostTables.root(), vcpu.addressSpaceRoot());
    }
    long efi = host.space().tables().root();
    assertEquals(List.of(efi, efi), rootsInside);
  }

  @Test
  void theHostsOwnMemoryIsOutOfReach() {
    try (Dispatcher dispatcher = start(builder -> builder)) {
      assertEquals(Outcome.FAULTED, callVendor(dispatcher, HOST_SECRET).outcome());
      assertEquals(HOST_SECRET, host.witness().outside().firstAddress());
    }
  }

  @Test
  void theWitnessTellsWhatACallHasTouched() {
    MmioRange registers = new MmioRange(HUB, 16);
    try (Dispatcher dispatcher = start(builder -> builder.mmio(registers))) {
      host.witness().begin();
      callVendor(dispatcher, HUB_NODE_ID);
      List<TouchedRange> touched = host.witness().touched();
      assertEquals(2, touched.size(), touched.toString());
      assertEquals(Alias.VIRTUAL, touched.get(0).alias());
      assertEquals(Set.of(Access.EXECUTE), touched.get(0).accesses());
      assertEquals(HUB, touched.get(1).physicalStart());
      assertEquals(Set.of(Access.READ), touched.get(1).accesses());
      assertEquals(0, host.witness().outside().count());
    }
  }
}
