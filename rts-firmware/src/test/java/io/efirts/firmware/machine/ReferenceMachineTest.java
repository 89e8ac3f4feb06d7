// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The machines are as they were measured, and each part of a firmware is where the map says. */
class ReferenceMachineTest {
  private static final int ARM_LARGE_PAGES = 16;

  static Stream<ReferenceMachine> machines() {
    return Stream.of(ReferenceMachine.q35(), ReferenceMachine.virt(), ReferenceMachine.small());
  }

  private static List<String> runtimeRegions(ReferenceMachine machine) {
    return machine.memoryMap().regions().stream()
        .filter(EfiMemoryDescriptor::isRuntime)
        .map(
            region ->
                "%d 0x%08x/%d"
                    .formatted(region.type(), region.physicalStart(), region.numberOfPages()))
        .toList();
  }

  @Test
  void q35HasTheRuntimeRegionsOfOvmf() {
    assertEquals(
        List.of(
            "6 0x0eaa0000/258",
            "6 0x0f4ec000/256",
            "5 0x0f5ec000/256",
            "6 0x0fef4000/132",
            "11 0xffc00000/1024"),
        runtimeRegions(ReferenceMachine.q35()));
  }

  @Test
  void virtHasTheRuntimeRegionsOfAavmf() {
    assertEquals(
        List.of(
            "11 0x04000000/16384",
            "11 0x09010000/1",
            "5 0x4c440000/128",
            "6 0x4c4c0000/448",
            "5 0x4c680000/176",
            "5 0x4fc00000/400",
            "6 0x4fd90000/592"),
        runtimeRegions(ReferenceMachine.virt()));
  }

  @ParameterizedTest
  @MethodSource("machines")
  void eachPartLiesInARegionOfItsType(ReferenceMachine machine) {
    FirmwarePlacement placement = machine.placement();
    for (FirmwareImage image :
        List.of(placement.variableDriver(), placement.timeDriver(), placement.flashDriver())) {
      assertIn(machine, image.range(), MemoryType.RUNTIME_SERVICES_CODE);
      assertEquals(image.range().sizeBytes(), machine.bytes(image.range()).byteSize());
    }
    assertIn(machine, placement.globals(), MemoryType.RUNTIME_SERVICES_DATA);
    assertIn(machine, placement.mirror(), MemoryType.RUNTIME_SERVICES_DATA);
    assertIn(machine, placement.flash(), MemoryType.MEMORY_MAPPED_IO);
    if (placement.clock() != null) {
      assertIn(machine, placement.clock(), MemoryType.MEMORY_MAPPED_IO);
    }
    if (placement.spare() != null) {
      assertIn(machine, placement.spare(), MemoryType.RUNTIME_SERVICES_DATA);
    }
    long arena = machine.arena().base().value();
    PageRange range =
        new PageRange(arena, machine.arena().bytes().byteSize() / AddressSpace.PAGE_BYTES);
    assertIn(machine, range, MemoryType.RESERVED_MEMORY_TYPE);
  }

  private static void assertIn(ReferenceMachine machine, PageRange part, int type) {
    EfiMemoryDescriptor region = machine.memoryMap().regionAt(part.physicalStart());
    PageRange whole = new PageRange(region.physicalStart(), region.numberOfPages());
    assertEquals(type, region.type());
    assertTrue(whole.contains(part.physicalStart() + part.sizeBytes() - 1), part::toString);
    assertEquals(type != MemoryType.RESERVED_MEMORY_TYPE, region.isRuntime());
  }

  @ParameterizedTest
  @MethodSource("machines")
  void theAttributesTableCoversAllRuntimeCodeAndData(ReferenceMachine machine) {
    long inMap =
        machine.memoryMap().regions().stream()
            .filter(region -> region.isRuntime() && region.type() != MemoryType.MEMORY_MAPPED_IO)
            .mapToLong(EfiMemoryDescriptor::numberOfPages)
            .sum();
    long inTable =
        machine.attributesTable().entries().stream()
            .mapToLong(EfiMemoryDescriptor::numberOfPages)
            .sum();
    assertEquals(inMap, inTable);
  }

  @Test
  void onArmPermissionsChangeAt64KibibytesOnly() {
    for (EfiMemoryDescriptor entry : ReferenceMachine.virt().attributesTable().entries()) {
      assertEquals(0, entry.physicalStart() % (ARM_LARGE_PAGES * AddressSpace.PAGE_BYTES));
      assertEquals(0, entry.numberOfPages() % ARM_LARGE_PAGES);
    }
  }

  @Test
  void memoryIsTheMachinesOwn() {
    ReferenceMachine one = ReferenceMachine.q35();
    ReferenceMachine other = ReferenceMachine.q35();
    assertEquals(one.memoryMap(), other.memoryMap());
    one.firmwareRegions().getFirst().bytes().fill((byte) 1);
    assertEquals(
        -1,
        other
            .firmwareRegions()
            .getFirst()
            .bytes()
            .mismatch(ReferenceMachine.q35().firmwareRegions().getFirst().bytes()));
    assertSame(one.arena(), one.arena());
    assertNotSame(one.arena(), other.arena());
    assertEquals(0x0800_0000, one.arena().base().value());
    assertEquals(16 << 20, one.arena().bytes().byteSize());
    assertEquals(one.firmwareRegions().size() + 1, one.guestMemory().regions().size());
  }

  @Test
  void bytesOutsideOfTheFirmwareAreRefused() {
    ReferenceMachine machine = ReferenceMachine.q35();
    PageRange mirror = machine.placement().mirror();
    PageRange longer = new PageRange(mirror.physicalStart(), mirror.pages() + 1);
    assertThrows(IllegalArgumentException.class, () -> machine.bytes(longer));
    PageRange conventional = new PageRange(0x20_0000, 1);
    assertEquals(
        "range must lie in the firmware's memory: physicalStart=0x200000, pages=1",
        assertThrows(IllegalArgumentException.class, () -> machine.bytes(conventional))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "-4096, 1", "4096, 0", "4096, -1", "0x10000000000000, 1", "0, 0x10000000001"})
  void rangesAreWholePagesWithin52Bits(String start, String pages) {
    long physicalStart = Long.decode(start);
    long count = Long.decode(pages);
    assertThrows(IllegalArgumentException.class, () -> new PageRange(physicalStart, count));
  }
}
