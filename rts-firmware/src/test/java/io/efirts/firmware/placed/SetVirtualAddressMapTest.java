// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import static io.efirts.api.spec.EfiStatus.INVALID_PARAMETER;
import static io.efirts.api.spec.EfiStatus.NOT_FOUND;
import static io.efirts.api.spec.EfiStatus.SUCCESS;
import static io.efirts.api.spec.EfiStatus.UNSUPPORTED;
import static io.efirts.api.spec.RuntimeService.CONVERT_POINTER;
import static io.efirts.api.spec.RuntimeService.GET_VARIABLE;
import static io.efirts.api.spec.RuntimeService.SET_VIRTUAL_ADDRESS_MAP;
import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.DATA;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.MemoryDescriptorArray;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SetVirtualAddressMap and ConvertPointer answer, and change the firmware, as EDK2 does. */
class SetVirtualAddressMapTest {
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Set<RuntimeService> NONE = EnumSet.noneOf(RuntimeService.class);

  private static PlacedGuest atRuntime(ReferenceMachine machine) {
    PlacedGuest placed = new PlacedGuest(machine);
    placed.firmware.exitBootServices();
    return placed;
  }

  /** The machine's runtime regions, a constant higher. */
  private static List<EfiMemoryDescriptor> descriptors(
      ReferenceMachine machine, Predicate<EfiMemoryDescriptor> chosen) {
    return machine.memoryMap().regions().stream()
        .filter(EfiMemoryDescriptor::isRuntime)
        .filter(chosen)
        .map(
            region ->
                new EfiMemoryDescriptor(
                    region.type(),
                    region.physicalStart(),
                    region.physicalStart() + HighTables.SHIFT,
                    region.numberOfPages(),
                    region.attribute()))
        .toList();
  }

  private static long set(PlacedGuest placed, int stride, List<EfiMemoryDescriptor> descriptors) {
    byte[] array = new byte[stride * descriptors.size()];
    MemoryDescriptorArray.write(MemorySegment.ofArray(array), stride, descriptors);
    placed.guest.poke(DATA, array);
    return placed.guest.call(SET_VIRTUAL_ADDRESS_MAP, array.length, stride, 1, DATA);
  }

  private static void enterVirtualMode(PlacedGuest placed) {
    assertStatus(SUCCESS, set(placed, 48, descriptors(placed.machine, all -> true)));
    useHighTables(placed);
  }

  private static void useHighTables(PlacedGuest placed) {
    placed.guest.translateBy(new HighTables(placed.guest.addressSpace()), placed.machine);
    placed.crash.translateBy(new HighTables(placed.crash.addressSpace()), placed.machine);
  }

  @ParameterizedTest
  @EnumSource
  void afterwardsAllIsReachedAtVirtualAddressesOnly(Machines machines) {
    PlacedGuest placed = atRuntime(machines.get());
    enterVirtualMode(placed);
    assertEquals(FirmwarePhase.VIRTUAL, placed.firmware.phase());
    assertEquals(NONE, placed.faulting(placed.guest, PlacedGuest.SERVICES));
    assertEquals(-1, placed.mirror().mismatch(placed.flash()));
    placed.guest.get("V", PlacedGuest.GUID);
    byte[] value = placed.guest.data();
    assertStatus(SUCCESS, placed.crash.get("V", PlacedGuest.GUID));
    assertArrayEquals(value, placed.crash.data());
    assertStatus(SUCCESS, placed.crash.set("V", PlacedGuest.GUID, 7, (byte) 9));
  }

  @ParameterizedTest
  @EnumSource
  void beforehandNothingIsThere(Machines machines) {
    PlacedGuest placed = atRuntime(machines.get());
    useHighTables(placed);
    assertEquals(PlacedGuest.SERVICES, placed.faulting(placed.guest, PlacedGuest.SERVICES));
  }

  @ParameterizedTest
  @EnumSource
  void theTablesAreConvertedAndSound(Machines machines) {
    PlacedGuest placed = atRuntime(machines.get());
    MemorySegment globals = placed.globals().bytes();
    assertSound(globals);
    long physical = placed.machine.systemTable().value();
    long services = EfiSystemTable.runtimeServices64(globals);
    byte[] before = globals.toArray(ValueLayout.JAVA_BYTE);
    long vendorTable = globals.get(UINT64, Globals.CONFIGURATION_TABLE + 16);

    enterVirtualMode(placed);

    assertSound(globals);
    assertEquals(services + HighTables.SHIFT, EfiSystemTable.runtimeServices64(globals));
    assertShifted(before, globals, EfiSystemTable.FIRMWARE_VENDOR_OFFSET_64);
    assertShifted(before, globals, EfiSystemTable.CONFIGURATION_TABLE_OFFSET_64);
    for (RuntimeService service : RuntimeService.values()) {
      long was =
          RuntimeServicesTable.readFunctionPointer64(
              MemorySegment.ofArray(before), services - physical, service);
      boolean stays = service == SET_VIRTUAL_ADDRESS_MAP || service == CONVERT_POINTER;
      assertEquals(
          stays ? was : was + HighTables.SHIFT,
          RuntimeServicesTable.readFunctionPointer64(globals, services - physical, service),
          service.efiName());
    }
    assertEquals(vendorTable, globals.get(UINT64, Globals.CONFIGURATION_TABLE + 16));
  }

  private static void assertSound(MemorySegment globals) {
    MemorySegment table = globals.asSlice(0, EfiSystemTable.SIZE_64_BYTES);
    assertEquals(Optional.empty(), EfiSystemTable.verify(table, EfiSystemTable.SIZE_64_BYTES));
    assertEquals(
        Optional.empty(), RuntimeServicesTable.verify64(globals, Globals.RUNTIME_SERVICES));
  }

  private static void assertShifted(byte[] before, MemorySegment after, int offset) {
    long was = MemorySegment.ofArray(before).get(UINT64, offset);
    assertEquals(was + HighTables.SHIFT, after.get(UINT64, offset));
  }

  @Test
  void theEntriesAreInTheCode() {
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.virt());
    for (RuntimeService service : RuntimeService.values()) {
      long entry =
          RuntimeServicesTable.readFunctionPointer64(
              placed.globals().bytes(), Globals.RUNTIME_SERVICES, service);
      long translation = placed.guest.addressSpace().translate(entry, Access.EXECUTE);
      assertEquals(entry, translation, service.efiName());
    }
  }

  @Test
  void whileBootServicesAreThereItIsUnsupported() {
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.small(), small());
    assertStatus(UNSUPPORTED, set(placed, 48, descriptors(placed.machine, all -> true)));
    assertStatus(UNSUPPORTED, placed.guest.call(SET_VIRTUAL_ADDRESS_MAP, 0, 0, 0, 0));
    placed.firmware.exitBootServices();
    assertStatus(SUCCESS, set(placed, 48, descriptors(placed.machine, all -> true)));
  }

  private static NvImage small() {
    return NvImage.inMemory(NvLayout.OVMF_2M);
  }

  @Test
  void aSecondCallIsUnsupportedAndChangesNothing() {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    enterVirtualMode(placed);
    byte[] before = placed.globals().bytes().toArray(ValueLayout.JAVA_BYTE);
    assertStatus(UNSUPPORTED, set(placed, 48, descriptors(placed.machine, all -> true)));
    assertStatus(UNSUPPORTED, placed.guest.call(SET_VIRTUAL_ADDRESS_MAP, 0, 0, 0, 0));
    assertEquals(-1, MemorySegment.ofArray(before).mismatch(placed.globals().bytes()));
    assertEquals(NONE, placed.faulting(placed.guest, PlacedGuest.SERVICES));
  }

  /** -1 is the largest UINTN. */
  @ParameterizedTest
  @CsvSource({"0, 48", "2, 48", "-1, 48", "1, 39", "1, 0", "1, 32"})
  void anotherVersionOrTooShortDescriptorsAreInvalidAndARightCallStillWorks(
      int version, long descriptorSize) {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    assertStatus(
        INVALID_PARAMETER,
        placed.guest.call(SET_VIRTUAL_ADDRESS_MAP, 480, descriptorSize, version, DATA));
    assertEquals(FirmwarePhase.RUNTIME, placed.firmware.phase());
    enterVirtualMode(placed);
    assertEquals(NONE, placed.faulting(placed.guest, PlacedGuest.SERVICES));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 48, 56, 104, 4096})
  void anyDistanceOfDescriptorsWillDo(int stride) {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    assertStatus(SUCCESS, set(placed, stride, descriptors(placed.machine, all -> true)));
    useHighTables(placed);
    assertEquals(NONE, placed.faulting(placed.guest, PlacedGuest.SERVICES));
  }

  @Test
  void sizesBeyondTheLimitAreRefusedBeforeAnythingIsRead() {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    long unmapped = 0x7000_0000;
    long limit = Relocation.MAXIMUM_DESCRIPTORS;
    for (long size : new long[] {(limit + 1) * 48, Long.MAX_VALUE, -1}) {
      assertStatus(
          INVALID_PARAMETER, placed.guest.call(SET_VIRTUAL_ADDRESS_MAP, size, 48, 1, unmapped));
    }
    assertEquals(FirmwarePhase.RUNTIME, placed.firmware.phase());
    // One descriptor may be as long as it likes, and what is left behind the last is none.
    assertStatus(SUCCESS, placed.guest.call(SET_VIRTUAL_ADDRESS_MAP, -2, -1, 1, unmapped));
  }

  @Test
  void asManyAsTheLimitAreTaken() {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    long size = Relocation.MAXIMUM_DESCRIPTORS * 40L;
    assertStatus(SUCCESS, placed.guest.call(SET_VIRTUAL_ADDRESS_MAP, size, 40, 1, DATA));
  }

  @Test
  void anArrayTheTablesDoNotReachFaultsAndLeavesThePhaseVirtual() {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    byte[] before = placed.globals().bytes().toArray(ValueLayout.JAVA_BYTE);
    FirmwareFault fault =
        assertThrows(
            FirmwareFault.class,
            () -> placed.guest.call(SET_VIRTUAL_ADDRESS_MAP, 480, 48, 1, 0x7000_0000));
    assertEquals(FaultKind.NOT_MAPPED, fault.kind());
    assertEquals(Access.READ, fault.access());
    assertEquals(0x7000_0000, fault.address() & -AddressSpace.PAGE_BYTES);
    assertEquals(-1, MemorySegment.ofArray(before).mismatch(placed.globals().bytes()));
    assertEquals(FirmwarePhase.VIRTUAL, placed.firmware.phase());
    assertStatus(UNSUPPORTED, set(placed, 48, descriptors(placed.machine, all -> true)));
  }

  @Test
  void underVirtualTablesItFaultsAtItsOwnPhysicalAddress() {
    PlacedGuest placed = atRuntime(ReferenceMachine.virt());
    useHighTables(placed);
    FirmwareFault fault =
        assertThrows(
            FirmwareFault.class, () -> set(placed, 48, descriptors(placed.machine, all -> true)));
    assertEquals(Access.EXECUTE, fault.access());
    assertSound(placed.globals().bytes());
    assertEquals(FirmwarePhase.RUNTIME, placed.firmware.phase());
  }

  @Test
  void aFaultInTheMiddleLeavesHalfOfItDoneAndSaysSo() {
    PlacedGuest placed = atRuntime(ReferenceMachine.virt());
    long timeData = placed.machine.placement().timeDriver().dataStart();
    placed
        .guest
        .addressSpace()
        .unmap(new VirtualAddress(timeData), AddressSpace.PAGE_BYTES)
        .ignore();
    long services = EfiSystemTable.runtimeServices64(placed.globals().bytes());
    FirmwareFault fault =
        assertThrows(
            FirmwareFault.class, () -> set(placed, 48, descriptors(placed.machine, all -> true)));
    assertEquals(timeData, fault.address());
    assertEquals(FirmwarePhase.VIRTUAL, placed.firmware.phase());
    assertEquals(services, EfiSystemTable.runtimeServices64(placed.globals().bytes()));
    assertThrows(FirmwareFault.class, () -> placed.use(placed.guest, GET_VARIABLE));
  }

  /** As EDK2: no error, and what was left out keeps its physical pointers. */
  @ParameterizedTest
  @EnumSource
  void regionsThatAreLeftOutStayWhereTheyAre(Machines machines) {
    PlacedGuest placed = atRuntime(machines.get());
    long mirror = placed.machine.placement().mirror().physicalStart();
    List<EfiMemoryDescriptor> some =
        descriptors(placed.machine, region -> region.physicalStart() != mirror);
    assertStatus(SUCCESS, set(placed, 48, some));
    MemorySegment globals = placed.globals().bytes();
    assertSound(globals);
    assertEquals(mirror, globals.get(UINT64, Globals.MIRROR_POINTER));
    useHighTables(placed);
    FirmwareFault fault =
        assertThrows(FirmwareFault.class, () -> placed.use(placed.guest, GET_VARIABLE));
    assertEquals(mirror, fault.address());
    assertStatus(SUCCESS, placed.use(placed.guest, RuntimeService.GET_TIME));
  }

  @Test
  void descriptorsWithoutTheRuntimeAttributeAreSkipped() {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    List<EfiMemoryDescriptor> none =
        descriptors(placed.machine, all -> true).stream()
            .map(
                region ->
                    new EfiMemoryDescriptor(
                        region.type(),
                        region.physicalStart(),
                        region.virtualStart(),
                        region.numberOfPages(),
                        region.attribute() & ~(1L << 63)))
            .toList();
    assertStatus(SUCCESS, set(placed, 48, none));
    assertEquals(NONE, placed.faulting(placed.guest, PlacedGuest.SERVICES));
  }

  @Test
  void aVirtualAddressThatLeadsToOtherMemoryFaults() {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    List<EfiMemoryDescriptor> shifted =
        descriptors(placed.machine, all -> true).stream()
            .map(
                region ->
                    new EfiMemoryDescriptor(
                        region.type(),
                        region.physicalStart(),
                        region.physicalStart() + AddressSpace.PAGE_BYTES,
                        region.numberOfPages(),
                        region.attribute()))
            .toList();
    assertStatus(SUCCESS, set(placed, 48, shifted));
    FirmwareFault fault =
        assertThrows(FirmwareFault.class, () -> placed.use(placed.guest, GET_VARIABLE));
    assertEquals(FaultKind.NO_MEMORY, fault.kind());
  }

  @ParameterizedTest
  @CsvSource({"0, INVALID_PARAMETER", "1, SUCCESS", "2, INVALID_PARAMETER", "3, SUCCESS"})
  void aNullPointerIsConvertedIfItIsOptional(long disposition, String status) {
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.small(), small());
    placed.guest.pokeLong(OUT, 0);
    long answer = placed.guest.call(CONVERT_POINTER, disposition, OUT);
    assertStatus(status.equals("SUCCESS") ? SUCCESS : INVALID_PARAMETER, answer);
  }

  @Test
  void outsideOfTheSwitchNoPointerIsFound() {
    PlacedGuest placed = atRuntime(ReferenceMachine.q35());
    assertStatus(INVALID_PARAMETER, placed.guest.call(CONVERT_POINTER, 1, 0));
    assertNotFound(placed);
    enterVirtualMode(placed);
    assertNotFound(placed);
  }

  private static void assertNotFound(PlacedGuest placed) {
    long code = placed.machine.placement().variableDriver().codeStart();
    placed.guest.pokeLong(OUT, code);
    assertStatus(NOT_FOUND, placed.guest.call(CONVERT_POINTER, 0, OUT));
    assertEquals(code, placed.guest.peekLong(OUT));
  }

  @Test
  void withoutAPlaceInMemoryOnlyThePhaseChanges() {
    ReferenceFirmware firmware = ReferenceFirmware.builder(small()).build();
    FirmwareHarness guest = new FirmwareHarness(firmware);
    assertStatus(UNSUPPORTED, guest.call(SET_VIRTUAL_ADDRESS_MAP, 48, 48, 1, DATA));
    firmware.exitBootServices();
    assertStatus(INVALID_PARAMETER, guest.call(SET_VIRTUAL_ADDRESS_MAP, 48, 48, 2, DATA));
    assertEquals(FirmwarePhase.RUNTIME, firmware.phase());
    assertStatus(SUCCESS, guest.call(SET_VIRTUAL_ADDRESS_MAP, 48, 48, 1, DATA));
    assertEquals(FirmwarePhase.VIRTUAL, firmware.phase());
    assertStatus(UNSUPPORTED, guest.call(SET_VIRTUAL_ADDRESS_MAP, 48, 48, 1, DATA));
    assertStatus(SUCCESS, guest.set("V", PlacedGuest.GUID, 7, (byte) 1));
  }
}
