// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import io.efirts.x86.space.EfiAddressSpace;
import io.efirts.x86.space.EfiAddressSpaceBuilder;
import io.efirts.x86.space.HostTables;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** I-2, I-12 and I-23 in an isolated address space with both aliases and the host's upper part. */
@Timeout(60)
class IsolatedContextTest {
  private static final long ENTRY = 0xFEED_0000L;

  /** The first address of the host's upper part that is shared, in four and in five levels. */
  private static final long HOST_UPPER_4 = 0xFFFF_8880_0000_0000L;

  private static final long HOST_UPPER_5 = 0xFF11_0000_0000_0000L;

  private TestMachine machine;
  private EfiAddressSpace space;
  private Map<String, Long> host;

  private void machine(PagingMode mode) {
    machine = new TestMachine(mode);
    MemoryMap map =
        MemoryMap.of(
            List.of(
                new EfiMemoryDescriptor(
                    MemoryType.CONVENTIONAL_MEMORY,
                    TestMachine.HOST_DATA,
                    0,
                    16,
                    MemoryAttributes.WB),
                new EfiMemoryDescriptor(
                    MemoryType.RUNTIME_SERVICES_DATA,
                    TestMachine.FIRMWARE_DATA,
                    0,
                    16,
                    MemoryAttributes.WB | MemoryAttributes.RUNTIME),
                new EfiMemoryDescriptor(
                    MemoryType.RUNTIME_SERVICES_CODE,
                    TestMachine.FIRMWARE_CODE,
                    0,
                    16,
                    MemoryAttributes.WB | MemoryAttributes.RUNTIME)));
    VirtualAddressPlanner planner =
        mode == PagingMode.PAE ? VirtualAddressPlanner.mixedMode() : VirtualAddressPlanner.linux();
    VirtualMap plan = planner.plan(map, RegionSelection.RUNTIME);
    EfiAddressSpaceBuilder builder =
        EfiAddressSpace.builder(machine.tables(), plan)
            .memoryMap(map)
            .host(new HostTables(mode, new PhysicalAddress(machine.hostRoot())))
            .range(TestMachine.callMemory());
    for (MappedPages stack : TestMachine.stacks().mapped()) {
      builder.range(stack);
    }
    space = builder.build();
    host = VcpuState.of(machine.vcpu());
  }

  private Dispatcher start(Firmware firmware) {
    return Dispatcher.builder()
        .firmware(() -> new FirmwareInstance(firmware, machine.context(space)))
        .calls(4)
        .bufferBytes(1024)
        .start();
  }

  private static CallResult call(Dispatcher dispatcher, long word) {
    return dispatcher.abi().callVendor(ENTRY, 1, word, 0, 0, 0, 0, 0);
  }

  private long virtual(long physical) {
    return space.plan().regions().stream()
        .filter(region -> region.descriptor().physicalStart() == physical)
        .findFirst()
        .orElseThrow()
        .descriptor()
        .virtualStart();
  }

  @ParameterizedTest
  @EnumSource(
      value = PagingMode.class,
      names = {"FOUR_LEVEL", "FIVE_LEVEL"})
  void bothAliasesLeadToTheSameMemory(PagingMode mode) {
    machine(mode);
    long data = virtual(TestMachine.FIRMWARE_DATA);
    long code = virtual(TestMachine.FIRMWARE_CODE);
    Firmware firmware =
        frame -> {
          frame.memory().fetch(code);
          frame.memory().putLong(data + 8, frame.word(0));
          return frame.memory().getLong(TestMachine.FIRMWARE_DATA + 8);
        };
    try (Dispatcher dispatcher = start(firmware)) {
      assertEquals(CallResult.completed(42), call(dispatcher, 42));
    }
    assertEquals(42, machine.hostView().getLong(TestMachine.FIRMWARE_DATA + 8));
    assertEquals(host, VcpuState.of(machine.vcpu()));
  }

  @ParameterizedTest
  @EnumSource(
      value = PagingMode.class,
      names = {"FOUR_LEVEL", "FIVE_LEVEL"})
  void whatTheHostMapsLaterIsThereAtTheNextEntry(PagingMode mode) {
    machine(mode);
    long upper = mode == PagingMode.FOUR_LEVEL ? HOST_UPPER_4 : HOST_UPPER_5;
    machine.hostView().putLong(TestMachine.HOST_DATA, 42);
    try (Dispatcher dispatcher = start(frame -> frame.memory().getLong(frame.word(0)))) {
      assertEquals(CallResult.completed(0), call(dispatcher, TestMachine.FIRMWARE_DATA));
      machine
          .host()
          .map(
              new VirtualAddress(upper),
              new PhysicalAddress(TestMachine.HOST_DATA),
              4096,
              MappingAttributes.DATA)
          .flush();
      assertEquals(CallResult.completed(42), call(dispatcher, upper));
    }
    assertEquals(host, VcpuState.of(machine.vcpu()));
  }

  @ParameterizedTest
  @EnumSource(
      value = PagingMode.class,
      names = {"PAE", "FOUR_LEVEL", "FIVE_LEVEL"})
  void aTouchOfWhatWasNotDeclaredIsContainedAndExplained(PagingMode mode) {
    machine(mode);
    try (Dispatcher dispatcher = start(frame -> frame.memory().getLong(frame.word(0)))) {
      assertEquals(Outcome.FAULTED, call(dispatcher, TestMachine.HOST_DATA).outcome());
      FaultReport report = dispatcher.fault().orElseThrow();
      assertEquals(TestMachine.HOST_DATA, report.nearestDescriptor().physicalStart());
      assertEquals(space.explain((FirmwareFault) report.thrown()), report.explanation());
      assertFalse(report.explanation().isEmpty());
    }
    assertEquals(host, VcpuState.of(machine.vcpu()));
  }
}
