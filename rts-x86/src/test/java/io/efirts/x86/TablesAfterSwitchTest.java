// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.CallFrame;
import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.paging.OutOfFramesException;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.VirtualModeFailure;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.x86.context.EfiStacks;
import io.efirts.x86.paging.PagingMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What SetVirtualAddressMap has left must work in the address space as it is from then on: what
 * would fault in the first call disables the services now, with the reason.
 */
@Timeout(60)
class TablesAfterSwitchTest {
  private static final long PAGE = 4096;
  private static final ValueLayout.OfLong UINT64 = ValueLayout.JAVA_LONG_UNALIGNED;

  private final NvImage image = NvImage.inMemory(NvLayout.OVMF_2M);

  /** The page of firmware's that has both of its tables. */
  private record Tables(MemorySegment bytes, long physicalAddress) {
    static Tables of(ReferenceHost reference) {
      return new Tables(
          reference.machine.bytes(reference.machine.placement().globals()),
          reference.machine.systemTable().value());
    }

    long runtimeServices() {
      return bytes.get(UINT64, EfiSystemTable.RUNTIME_SERVICES_OFFSET_64);
    }

    void runtimeServices(long address) {
      bytes.set(UINT64, EfiSystemTable.RUNTIME_SERVICES_OFFSET_64, address);
      RuntimeServicesTable.updateCrc32(bytes, 0);
    }

    void entry(long table, RuntimeService service, long address) {
      long offset = table - physicalAddress;
      RuntimeServicesTable.writeFunctionPointer64(bytes, offset, service, address);
      RuntimeServicesTable.updateCrc32(bytes, offset);
    }
  }

  /** A firmware that does something more once it has switched. */
  private static FirmwareInstance switched(ReferenceHost reference, Consumer<Tables> more) {
    Firmware around =
        (CallFrame frame) -> {
          long status = reference.firmware.call(frame);
          more.accept(Tables.of(reference));
          return status;
        };
    return reference.virtual(around);
  }

  private static String failureOf(FirmwareInstance instance) {
    VirtualModeFailure failure = instance.failure();
    assertNotNull(failure);
    return failure.getMessage();
  }

  @Test
  void aPointerThatWasNotConvertedIsFound() {
    ReferenceHost reference = new ReferenceHost(image);
    long physical = Tables.of(reference).runtimeServices();
    FirmwareInstance instance = switched(reference, tables -> tables.runtimeServices(physical));
    String message = failureOf(instance);
    assertTrue(message.contains("at its virtual address"), message);
  }

  /** I-25: it can be executed until the memory goes, and not afterwards. */
  @Test
  void anEntryInBootServicesMemoryIsFound() {
    ReferenceHost reference = new ReferenceHost(image);
    long table = Tables.of(reference).runtimeServices();
    long bootCode =
        reference.host.virtualMap().regions().stream()
            .filter(region -> region.type() == MemoryType.BOOT_SERVICES_CODE)
            .toList()
            .getLast()
            .virtualAddress();
    FirmwareInstance instance =
        switched(reference, tables -> tables.entry(table, RuntimeService.GET_TIME, bootCode));
    assertEquals(
        "entry of GetTime must be executable: entry=0x" + Long.toHexString(bootCode),
        failureOf(instance));
  }

  /** Firmware's own attributes forbid to execute its code. */
  @Test
  void attributesThatForbidTheEntriesAreFound() {
    ReferenceHost reference = new ReferenceHost(image, TablesAfterSwitchTest::withoutCode);
    String message = failureOf(reference.virtual());
    assertTrue(message.startsWith("entry of GetTime must be executable"), message);
  }

  private static EfiHostBuilder withoutCode(EfiHostBuilder builder) {
    EfiMemoryDescriptor code =
        new EfiMemoryDescriptor(
            MemoryType.RUNTIME_SERVICES_CODE,
            0x0F5E_C000,
            0,
            256,
            MemoryAttributes.RUNTIME | MemoryAttributes.XP);
    return builder.attributes(new EfiMemoryAttributesTable(1, 0, List.of(code)));
  }

  /**
   * A page in the middle of boot services memory stays, so a large page must be split, and the
   * arena has no frame left: firmware is virtual by then, and its services stay disabled.
   */
  @Test
  void anArenaWithoutFramesForTheChangeDisablesTheServices() {
    ReferenceMachine machine = ReferenceMachine.q35();
    ReferenceFirmware firmware =
        ReferenceFirmware.builder(image).placement(machine).phase(FirmwarePhase.RUNTIME).build();
    EfiHost host = null;
    for (int frames = 16; host == null; frames++) {
      host = hostWith(machine, frames);
    }
    FirmwareInstance instance = VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
    String message = failureOf(instance);
    assertTrue(message.startsWith("address space must follow the switch: "), message);
    assertInstanceOf(OutOfFramesException.class, instance.failure().getCause());
  }

  /** A host with so many frames for tables; null if they are too few to make it. */
  private static EfiHost hostWith(ReferenceMachine machine, int frames) {
    long otherBytes = 4 * PAGE + EfiStacks.lengthBytes(6, EfiStacks.DEFAULT_STACK_BYTES);
    MemoryRegion arena = machine.arena();
    MemoryRegion small =
        new MemoryRegion(arena.base(), arena.bytes().asSlice(0, otherBytes + frames * PAGE));
    try {
      return EfiHost.builder(
              PagingMode.FOUR_LEVEL, machine.memoryMap(), machine.guestMemory(), small)
          .callMemory(PAGE)
          .crashCallMemory(PAGE)
          .range(new MappedPages(0x0100_1000, 1, MappingAttributes.DATA))
          .build();
    } catch (OutOfFramesException | IllegalStateException tooFew) {
      return null;
    }
  }
}
