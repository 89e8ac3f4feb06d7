// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.map.MappedPages;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.storage.MemoryStorage;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a machine can have in it, and under which permissions it runs. */
class PlacementTest {
  private static final Set<RuntimeService> NONE = EnumSet.noneOf(RuntimeService.class);

  @Test
  void aMachineHasOneFirmware() {
    ReferenceMachine machine = ReferenceMachine.q35();
    ReferenceFirmware.Builder builder =
        ReferenceFirmware.builder(NvLayout.OVMF_4M).placement(machine);
    builder.build();
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "machine must not have a firmware yet: systemTable=PA 0xf4ec000", refused.getMessage());
  }

  @Test
  void aVolumeMustFitTheMirror() {
    ReferenceFirmware.Builder builder =
        ReferenceFirmware.builder(NvLayout.OVMF_4M).placement(ReferenceMachine.small());
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "mirror must hold the firmware's: needed=540672, size=131072", refused.getMessage());
  }

  @Test
  void noFirmwareStartsInVirtualMode() {
    ReferenceFirmware.Builder builder = ReferenceFirmware.builder(NvLayout.OVMF_2M);
    assertThrows(IllegalArgumentException.class, () -> builder.phase(FirmwarePhase.VIRTUAL));
  }

  /** With the memory attributes table applied no page is writable and executable. */
  @ParameterizedTest
  @EnumSource
  void strictPermissionsAreEnough(Machines machines) {
    PlacedGuest placed = new PlacedGuest(machines.get());
    ReferenceMachine machine = placed.machine;
    RuntimePermissions permissions =
        RuntimePermissions.of(machine.attributesTable(), machine.memoryMap());
    assertEquals(List.of(), permissions.rejected());
    AddressSpace space = placed.guest.addressSpace();
    for (EfiMemoryDescriptor region : machine.memoryMap().regions()) {
      if (region.isRuntime() && region.type() != MemoryType.MEMORY_MAPPED_IO) {
        MappingAttributes all = new MappingAttributes(true, true, CacheType.WRITE_BACK);
        MappedPages pages = new MappedPages(region.physicalStart(), region.numberOfPages(), all);
        assertEquals(List.of(), permissions.writableAndExecutable(List.of(pages)));
        if (machine.guestMemory().regionAt(region.physicalStart()) != null) {
          permissions.tighten(pages).forEach(tight -> protect(space, tight));
        }
      }
    }
    assertEquals(NONE, placed.faulting(placed.guest, PlacedGuest.SERVICES));
  }

  private static void protect(AddressSpace space, MappedPages pages) {
    long sizeBytes = pages.pages() * AddressSpace.PAGE_BYTES;
    space
        .protect(new VirtualAddress(pages.physicalStart()), sizeBytes, pages.attributes())
        .ignore();
  }

  @ParameterizedTest
  @EnumSource
  void theAttributesTableIsAmongTheConfigurationTables(Machines machines) {
    PlacedGuest placed = new PlacedGuest(machines.get());
    EfiMemoryAttributesTable found =
        EfiMemoryAttributesTable.read(placed.globals().bytes(), Globals.ATTRIBUTES_TABLE);
    assertEquals(placed.machine.attributesTable(), found);
  }

  @Test
  void volatileVariablesAreInTheGlobals() {
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.q35());
    byte[] value = {11, 22, 33, 44, 55, 66, 77, 88};
    assertStatus(EfiStatus.SUCCESS, placed.guest.set("Vol", PlacedGuest.GUID, 6, value));
    byte[] store =
        placed
            .globals()
            .bytes()
            .asSlice(Globals.VOLATILE_STORE + 28, 60 + 8 + 8)
            .toArray(ValueLayout.JAVA_BYTE);
    byte[] last = new byte[8];
    System.arraycopy(store, 68, last, 0, 8);
    assertArrayEquals(value, last);
    assertStatus(EfiStatus.SUCCESS, placed.guest.get("Vol", PlacedGuest.GUID));
    assertArrayEquals(value, placed.guest.data());
  }

  @Test
  void anEmptyImageIsFormattedThroughTheMirror() throws Exception {
    NvImage empty = NvImage.of(MemoryStorage.allocate(NvLayout.OVMF_4M.fvLength()));
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.q35(), empty);
    assertEquals(-1, placed.mirror().mismatch(placed.flash()));
    NvImage reopened = NvImage.of(empty.storage());
    FirmwareHarness next = new FirmwareHarness(ReferenceFirmware.builder(reopened).build());
    assertEquals(placed.guest.variables(), next.variables());
  }

  @Test
  void thePhaseHoldsInGuestMemoryToo() {
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.q35());
    assertStatus(EfiStatus.SUCCESS, placed.guest.set("Boot", PlacedGuest.GUID, 3, (byte) 1));
    placed.firmware.exitBootServices();
    assertEquals(FirmwarePhase.RUNTIME, placed.firmware.phase());
    assertStatus(EfiStatus.NOT_FOUND, placed.guest.get("Boot", PlacedGuest.GUID));
    assertStatus(EfiStatus.NOT_FOUND, placed.crash.get("Boot", PlacedGuest.GUID));
  }
}
