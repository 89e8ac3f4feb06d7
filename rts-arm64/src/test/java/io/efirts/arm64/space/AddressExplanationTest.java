// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import static io.efirts.arm64.space.Regions.bootData;
import static io.efirts.arm64.space.Regions.data;
import static io.efirts.arm64.space.Regions.map;
import static io.efirts.arm64.space.Regions.plan;
import static io.efirts.arm64.space.Regions.planOfAll;
import static io.efirts.arm64.space.Regions.region;
import static io.efirts.arm64.space.Regions.runtimeCode;
import static io.efirts.arm64.space.Regions.runtimeData;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.Translation;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.arm64.paging.Granule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** To what an address belongs, and what would have to be declared. */
class AddressExplanationTest {
  private static final EfiMemoryDescriptor CODE = runtimeCode(0x20_0000, 2);
  private static final EfiMemoryDescriptor BOOT = bootData(0x40_0000, 2);
  private static final EfiMemoryDescriptor FREE =
      region(MemoryType.CONVENTIONAL_MEMORY, 0x60_0000, 4, MemoryAttributes.WB);
  private static final EfiMemoryDescriptor TABLES =
      region(MemoryType.ACPI_RECLAIM_MEMORY, 0x80_0000, 1, MemoryAttributes.WB);
  private static final MemoryMap MAP = map(CODE, BOOT, FREE, TABLES);

  private final TableMachine machine = new TableMachine(Granule.FOUR_KIB, 64);
  private final EfiAddressSpace space =
      EfiAddressSpace.builder(machine.tables(), planOfAll(CODE, BOOT))
          .memoryMap(MAP)
          .range(data(0x60_1000, 1))
          .mmio(new MmioRange(0xFED0_0000L, 1))
          .build();

  private void assertBelongs(String expected, long address) {
    List<String> lines = space.explain(new VirtualAddress(address));
    assertTrue(lines.contains(expected), lines::toString);
  }

  private void assertMissing(String expected, long address) {
    assertEquals(expected, String.valueOf(space.missingDescriptor(address)));
    assertEquals(
        "missing descriptor: " + expected, space.explain(new VirtualAddress(address)).getLast());
  }

  private void assertNothingIsMissing(long address) {
    assertNull(space.missingDescriptor(address));
    List<String> lines = space.explain(new VirtualAddress(address));
    assertTrue(lines.stream().noneMatch(line -> line.startsWith("missing")), lines::toString);
  }

  @Test
  void aMappedRegionIsNamedByBothAddresses() {
    String code = "lies in EfiRuntimeServicesCode physicalStart=0x200000";
    String rest = " virtualStart=0x20000000 numberOfPages=2 attribute=WB|RUNTIME, at its ";
    assertBelongs(code + rest + "physical address", 0x20_1FFF);
    assertBelongs(code + rest + "virtual address", 0x2000_0000L);
    assertNothingIsMissing(0x20_1FFF);
    assertNothingIsMissing(0x2000_0000L);
  }

  /** I-25: what firmware would have had to mark. */
  @Test
  void bootServicesMemoryIsNamedAfterItHasGone() {
    space.virtualAddressMapSet(RuntimePermissions.unrestricted()).flush();
    String boot =
        "lies in EfiBootServicesData physicalStart=0x400000 virtualStart=0x20010000"
            + " numberOfPages=2 attribute=WB, at its ";
    String missing =
        "{type = 0x4, pad = 0x0, phys_addr = 0x400000, virt_addr = 0x20010000,"
            + " num_pages = 0x2, attribute = 0x8000000000000008}";
    String gone = ", which was given up after SetVirtualAddressMap";
    assertBelongs(boot + "physical address" + gone, 0x40_0000);
    assertMissing(missing, 0x40_0000);
    assertBelongs(boot + "virtual address" + gone, 0x2001_1FFFL);
    assertMissing(missing, 0x2001_1FFFL);

    space.mapIdentically(data(0x40_0000, 1)).flush();
    assertBelongs("lies in pages mapped at their physical address: 0x400000-0x400fff", 0x40_0000);
    assertNothingIsMissing(0x40_0000);
    assertMissing(missing, 0x40_1000);
  }

  @Test
  void aRegionThatIsNotPlannedIsNamed() {
    assertBelongs(
        "lies in EfiConventionalMemory physicalStart=0x600000 virtualStart=0x0 numberOfPages=4"
            + " attribute=WB, which is not mapped for firmware: it is the host's memory",
        0x60_0000);
    assertBelongs(
        "lies in EfiACPIReclaimMemory physicalStart=0x800000 virtualStart=0x0 numberOfPages=1"
            + " attribute=WB, which is not mapped for firmware",
        0x80_0FFF);
    assertMissing(
        "{type = 0x9, pad = 0x0, phys_addr = 0x800000, virt_addr = 0x0, num_pages = 0x1,"
            + " attribute = 0x8000000000000008}",
        0x80_0FFF);
  }

  @Test
  void pagesOfTheHostsAndRegistersAreNamed() {
    assertBelongs("lies in nothing that firmware has declared", 8);
    assertBelongs("lies in pages mapped at their physical address: 0x601000-0x601fff", 0x60_1008);
    assertBelongs(
        "lies in pages mapped at their physical address: 0xfed00000-0xfed00fff", 0xFED0_00F0L);
    assertNothingIsMissing(0xFED0_00F0L);
  }

  @Test
  void whatNobodyHasDeclaredCouldBeRegisters() {
    assertBelongs("lies in nothing that firmware has declared", 0xFED0_1234L);
    assertMissing(
        "{type = 0xb, pad = 0x0, phys_addr = 0xfed01000, virt_addr = 0x0, num_pages = 0x1,"
            + " attribute = 0x8000000000000001}",
        0xFED0_1234L);
  }

  @Test
  void anAddressThatIsNoPhysicalOneHasNoDescriptor() {
    assertBelongs("lies in nothing that firmware has declared", 1L << 60);
    assertNothingIsMissing(1L << 60);
  }

  /** TTBR1_EL1's range, whatever its size. */
  @Test
  void theHostsAddressesAreNamed() {
    for (long address : new long[] {-1, 0xFFFF_8000_0000_0000L, 0xFFFF_0000_0000_0000L}) {
      assertBelongs("belongs to the host, whose own root (TTBR1_EL1) translates it", address);
      assertNothingIsMissing(address);
      assertTrue(Translation.isFault(space.tables().translate(address, Access.READ)));
    }
  }

  /** As far as the host's range can reach. */
  @Test
  void theHostsAddressesAreNamedWithAddressesOf52BitsToo() {
    EfiAddressSpace wide =
        EfiAddressSpace.builder(machine.tables(52), plan(runtimeData(0x20_0000, 1))).build();
    String named = "belongs to the host, whose own root (TTBR1_EL1) translates it";
    long first = 0xFFF0_0000_0000_0000L;
    assertEquals(named, lastLine(wide, first));
    assertEquals("lies in nothing that firmware has declared", lastLine(wide, first - 1));
    assertEquals("lies in nothing that firmware has declared", lastLine(space, first));
  }

  private static String lastLine(EfiAddressSpace in, long address) {
    return in.explain(new FirmwareFault(FaultKind.NON_CANONICAL, address, Access.READ, 0x9600_0004))
        .getLast();
  }

  @Test
  void aFaultIsExplainedFromTheEntriesToTheDescriptor() {
    long address = 0x60_0010;
    FirmwareFault fault =
        new FirmwareFault(
            FaultKind.NOT_MAPPED,
            address,
            Access.WRITE,
            Translation.faultDetail(space.tables().translate(address, Access.WRITE)));
    assertEquals(
        List.of(
            "WRITE of 0x600010: NOT_MAPPED, ESR 0x96000047 (data abort, WRITE, translation fault at"
                + " level 3)",
            "VA 0x0000000000600010, 4 KiB granule, 48 bits, root 0x100000",
            "L0[0] at 0x100000 = 0x0000000000101003: table 0x101000 VALID TABLE, so far rwx",
            "L1[0] at 0x101000 = 0x0000000000102003: table 0x102000 VALID TABLE, so far rwx",
            "L2[3] at 0x102018 = 0x0000000000105003: table 0x105000 VALID TABLE, so far rwx",
            "L3[0] at 0x105000 = 0x0000000000000000: not valid",
            "READ: abort, ESR 0x96000007 (data abort, READ, translation fault at level 3)",
            "WRITE: abort, ESR 0x96000047 (data abort, WRITE, translation fault at level 3)",
            "EXECUTE: abort, ESR 0x86000007 (instruction abort, translation fault at level 3)",
            "lies in EfiConventionalMemory physicalStart=0x600000 virtualStart=0x0 numberOfPages=4"
                + " attribute=WB, which is not mapped for firmware: it is the host's memory",
            "missing descriptor: {type = 0x7, pad = 0x0, phys_addr = 0x600000, virt_addr = 0x0,"
                + " num_pages = 0x4, attribute = 0x8000000000000008}"),
        space.explain(fault));
  }

  /** Only more permission would help, and that is not missing but taken. */
  @Test
  void aProtectionFaultMissesNoDescriptor() {
    FirmwareFault fault =
        new FirmwareFault(FaultKind.PROTECTION, 0x40_0000, Access.EXECUTE, 0x8600_000F);
    List<String> lines = space.explain(fault);
    assertEquals(
        "EXECUTE of 0x400000: PROTECTION, ESR 0x8600000f (instruction abort, permission fault at"
            + " level 3)",
        lines.getFirst());
    assertTrue(lines.getLast().startsWith("lies in EfiBootServicesData"), lines::toString);
  }

  /** It has no address. */
  @Test
  void anExceptionOfTheFirmwareIsNotExplained() {
    assertEquals(
        List.of(), space.explain(new FirmwareFault(FaultKind.EXCEPTION, 0, Access.EXECUTE, 0)));
  }

  @Test
  void theNearestDescriptorIsTheOneThatContainsTheAddressElseTheClosest() {
    assertEquals(0x60_0000, space.nearestDescriptor(0x60_3FFF).physicalStart());
    assertEquals(0x60_0000, space.nearestDescriptor(0x60_4000).physicalStart());
    assertEquals(0x80_0000, space.nearestDescriptor(0x7F_FFFF).physicalStart());
    assertEquals(0x80_0000, space.nearestDescriptor(0x0FED_0000L).physicalStart());
    assertEquals(0x20_0000, space.nearestDescriptor(0).physicalStart());
    assertEquals(0x20_0000, space.nearestDescriptor(0x2000_2000L).physicalStart());
    assertEquals(0x40_0000, space.nearestDescriptor(0x2000_FFFFL).physicalStart());
    assertEquals(0x40_0000, space.nearestDescriptor(-1).physicalStart());
  }

  @Test
  void withoutAMapOnlyThePlanIsKnown() {
    EfiAddressSpace planned =
        EfiAddressSpace.builder(machine.tables(), plan(runtimeData(0x20_0000, 1))).build();
    assertEquals(0x20_0000, planned.nearestDescriptor(0x60_0000).physicalStart());
    assertEquals(
        MemoryType.MEMORY_MAPPED_IO, planned.missingDescriptor(0x60_0000).descriptor().type());
    EfiAddressSpace empty = EfiAddressSpace.builder(machine.tables(), plan()).build();
    assertNull(empty.nearestDescriptor(0x20_0000));
  }
}
