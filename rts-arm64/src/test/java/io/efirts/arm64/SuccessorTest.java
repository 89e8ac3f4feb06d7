// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableReader;
import io.efirts.api.call.CallFrame;
import io.efirts.api.plan.VirtualWindow;
import io.efirts.api.space.Alias;
import io.efirts.api.space.TouchedRange;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.MemoryDescriptorArray;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import io.efirts.arm64.space.SharedGranule;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * I-24: a kernel is started by another one, whose pages may have another size. SetVirtualAddressMap
 * was called once, by the first; the second gets the descriptors as plain bytes, maps the same
 * addresses, and every service works at once.
 */
@Timeout(60)
class SuccessorTest {
  private static final EfiGuid GUID = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");

  /** How often each service was called, over all hosts. */
  private final List<RuntimeService> called = new ArrayList<>();

  private final List<Integer> resets = new ArrayList<>();

  private static List<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (Granule first : Granule.values()) {
      Stream.of(Granule.values()).forEach(then -> pairs.add(Arguments.of(first, then)));
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void everyServiceWorksAtTheAddressesTheFirstHasChosen(Granule first, Granule then) {
    takeOver(new PagingMode(first, 48), new PagingMode(then, 48));
  }

  /** All addresses are below 2^36, so that the smallest kernel can take over from the largest. */
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB, 48, SIXTEEN_KIB, 36",
    "SIXTEEN_KIB, 47, FOUR_KIB, 39",
    "SIXTY_FOUR_KIB, 48, FOUR_KIB, 36",
    "FOUR_KIB, 36, SIXTY_FOUR_KIB, 42",
    "FOUR_KIB, 52, SIXTY_FOUR_KIB, 52",
    "SIXTEEN_KIB, 52, FOUR_KIB, 48"
  })
  void alsoWithAddressesOfAnotherSize(Granule first, int bits, Granule then, int bitsThen) {
    takeOver(new PagingMode(first, bits), new PagingMode(then, bitsThen));
  }

  private void takeOver(PagingMode firstMode, PagingMode thenMode) {
    ReferenceHost reference = new ReferenceHost(image(), firstMode, same -> same);
    Firmware firmware = counted(reference.firmware);
    FirmwareInstance instance = reference.virtual(firmware);
    assertNull(instance.failure());
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
      set(dispatcher.runtimeServices(), "First", 1);
    }
    byte[] handedOver = bytes(reference.host.virtualMap().descriptors());

    EfiHost successor = successor(reference.machine, thenMode, handedOver);
    assertEquals(
        reference.host.virtualMap().virtualAddressMap(),
        successor.virtualMap().virtualAddressMap());
    FirmwareInstance same =
        new FirmwareInstance(firmware, successor.context(), successor.crashContext());
    try (Dispatcher dispatcher = Dispatcher.builder().invoker().firmware(() -> same).start()) {
      successor.witness().begin();
      everyServiceWorks(dispatcher.runtimeServices());
      assertOnlyVirtualAddressesOfRegions(successor);
      assertCannotBeSwitchedAgain(dispatcher, successor, firmware);
      CallResult reset =
          dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
      assertTrue(reset.firmwareEntered(), reset.toString());
    }
    assertEquals(1, resets.size());
  }

  private static EfiHost successor(ReferenceMachine machine, PagingMode mode, byte[] descriptors) {
    List<EfiMemoryDescriptor> read =
        MemoryDescriptorArray.read(
            MemorySegment.ofArray(descriptors), MemoryDescriptorArray.DEFAULT_DESCRIPTOR_SIZE, 1);
    return ReferenceHost.builder(machine, mode)
        .successor(read, VirtualAddressPlanner.LINUX_WINDOW)
        .witnessed()
        .build();
  }

  private static NvImage image() {
    return NvImage.inMemory(NvLayout.OVMF_2M);
  }

  private Firmware counted(Firmware firmware) {
    return (CallFrame frame) -> {
      called.add(frame.service());
      if (frame.service() == RuntimeService.RESET_SYSTEM) {
        resets.add((int) frame.word(0));
      }
      return firmware.call(frame);
    };
  }

  /** As a kernel leaves them in memory for the next one. */
  private static byte[] bytes(List<EfiMemoryDescriptor> descriptors) {
    long stride = MemoryDescriptorArray.DEFAULT_DESCRIPTOR_SIZE;
    byte[] bytes = new byte[(int) MemoryDescriptorArray.sizeBytes(descriptors.size(), stride)];
    MemorySegment memory = Arena.ofAuto().allocate(bytes.length, 8);
    MemoryDescriptorArray.write(memory, stride, descriptors);
    MemorySegment.copy(memory, 0, MemorySegment.ofArray(bytes), 0, bytes.length);
    return bytes;
  }

  private static void everyServiceWorks(RuntimeServices services) {
    VariableReader reader = new VariableReader(services);
    assertTrue(reader.read("First", GUID).isSuccess());
    assertEquals(1, reader.data()[0]);
    set(services, "Second", 2);
    assertTrue(reader.read("Second", GUID).isSuccess());
    List<String> names = new ArrayList<>();
    VariableReader walk = new VariableReader(services);
    while (walk.next().isSuccess()) {
      names.add(walk.name());
    }
    assertTrue(names.containsAll(List.of("First", "Second")), names.toString());
    LongHolder size = new LongHolder();
    assertSuccess(services.queryVariableInfo(7, size, new LongHolder(), new LongHolder()));
    assertTrue(size.value > 0);
    IntHolder high = new IntHolder();
    assertSuccess(services.getNextHighMonotonicCount(high));
    assertNotEquals(0, high.value);
    EfiTimeHolder time = new EfiTimeHolder();
    assertSuccess(services.getTime(time, null));
    assertSuccess(services.setTime(time.toEfiTime()));
  }

  private static void set(RuntimeServices services, String name, int value) {
    MemorySegment data = MemorySegment.ofArray(new byte[] {(byte) value});
    assertSuccess(services.setVariable(name, GUID, 7, 1, data));
  }

  private static void assertSuccess(CallResult result) {
    assertTrue(result.isSuccess(), result.toString());
  }

  /** Firmware is where the first host has told it, and nowhere at its physical addresses. */
  private static void assertOnlyVirtualAddressesOfRegions(EfiHost host) {
    List<TouchedRange> regions =
        host.witness().touched().stream().filter(range -> range.region() != null).toList();
    assertEquals(7, regions.size(), regions.toString());
    for (TouchedRange range : regions) {
      assertEquals(Alias.VIRTUAL, range.alias(), range.toString());
    }
    assertEquals(0, host.witness().outside().count(), host.witness().outside().toString());
  }

  private void assertCannotBeSwitchedAgain(
      Dispatcher dispatcher, EfiHost successor, Firmware firmware) {
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> VirtualModeSwitch.perform(firmware, successor, InterruptControl.NONE));
    assertTrue(refused.getMessage().contains("another host has done it"), refused::getMessage);
    assertEquals(1, switches(), "only the first host has called it");
    long array = successor.descriptorArray(48).firmwareAddress();
    CallResult again =
        dispatcher.abi().call(RuntimeService.SET_VIRTUAL_ADDRESS_MAP, 48, 48, 1, array, 0);
    assertEquals(EfiStatus.UNSUPPORTED, again.status());
    assertSuccess(new VariableReader(dispatcher.runtimeServices()).read("First", GUID));
  }

  private long switches() {
    return called.stream().filter(RuntimeService.SET_VIRTUAL_ADDRESS_MAP::equals).count();
  }

  /** The clock's registers are one page of 4 KiB: all else keeps its permissions. */
  @ParameterizedTest
  @CsvSource({"FOUR_KIB, 0", "SIXTEEN_KIB, 1", "SIXTY_FOUR_KIB, 1"})
  void largerGranulesRoundOnlyTheClock(Granule granule, int shared) {
    ReferenceHost reference = new ReferenceHost(image());
    reference.virtual();
    byte[] handedOver = bytes(reference.host.virtualMap().descriptors());
    EfiHost successor = successor(reference.machine, new PagingMode(granule, 48), handedOver);
    List<SharedGranule> found = successor.space().sharedGranules();
    assertEquals(shared, found.size(), found.toString());
    assertEquals(shared, successor.findings().size(), successor.findings().toString());
    assertEquals(List.of(), successor.space().writableAndExecutable());
    assertEquals(List.of(), successor.permissions().rejected());
  }

  /** Every kernel that knows the distance knows the addresses, without being told. */
  @ParameterizedTest
  @EnumSource(Granule.class)
  void orEverythingLiesAtAFixedDistance(Granule granule) {
    VirtualWindow window = VirtualAddressPlanner.window(1L << 46, 1L << 47);
    VirtualAddressPlanner planner = VirtualAddressPlanner.fixedOffset(window, 1L << 46);
    ReferenceHost reference = new ReferenceHost(image(), builder -> builder.planner(planner));
    assertNull(reference.virtual().failure());
    List<EfiMemoryDescriptor> known =
        planner.plan(reference.machine.memoryMap()).virtualAddressMap();
    EfiHost successor =
        ReferenceHost.builder(reference.machine, new PagingMode(granule, 48))
            .successor(known, window)
            .build();
    FirmwareInstance instance =
        new FirmwareInstance(reference.firmware, successor.context(), successor.crashContext());
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
      set(dispatcher.runtimeServices(), "Offset", 1);
    }
  }

  /** A successor's successor gets the same descriptors. */
  @Test
  void itCanGoOnFromOneToTheNext() {
    ReferenceHost reference = new ReferenceHost(image());
    assertNull(reference.virtual().failure());
    byte[] handedOver = bytes(reference.host.virtualMap().descriptors());
    for (Granule granule : Granule.values()) {
      EfiHost next = successor(reference.machine, new PagingMode(granule, 48), handedOver);
      FirmwareInstance instance =
          new FirmwareInstance(reference.firmware, next.context(), next.crashContext());
      try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
        set(dispatcher.runtimeServices(), "Next", granule.ordinal());
      }
      handedOver = bytes(next.virtualMap().descriptors());
    }
  }
}
