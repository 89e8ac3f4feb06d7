// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.arm64.machine.IdentitySpace;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What could not work is refused when the context is made, and says what is missing. */
class RefusedContextTest {
  /** Bit numbers from the manual. */
  @ParameterizedTest
  @CsvSource({
    "SCTLR, 0, SCTLR_EL1.M must be set",
    "SCTLR, 1, SCTLR_EL1.A must be clear",
    "SCTLR, 19, SCTLR_EL1.WXN must be clear",
    "SCTLR, 25, SCTLR_EL1.EE must be clear",
    "TCR, 7, TCR_EL1.EPD0 must be clear",
    "TCR, 41, TCR_EL1.HPD0 must be clear",
    "TCR, 59, TCR_EL1.DS must be clear",
    "TCR, 0, TCR_EL1.T0SZ must be that",
    "TCR, 14, TCR_EL1.TG0 must be that",
    "TCR, 15, TCR_EL1.TG0 must be that",
    "MAIR, 0, MAIR_EL1 must be that"
  })
  void aProcessorThatIsSetUpOtherwise(String register, int bit, String message) {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    ModelArm64Vcpu vcpu = machine.vcpu();
    Arm64FirmwareContextBuilder builder = machine.contextBuilder(machine.space());
    switch (register) {
      case "SCTLR" -> vcpu.loadSctlr(vcpu.sctlr() ^ 1L << bit);
      case "TCR" -> vcpu.loadTcr(vcpu.tcr() ^ 1L << bit);
      default -> vcpu.loadMair(vcpu.mair() ^ 1L << bit);
    }
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(refused.getMessage().startsWith(message), refused::getMessage);
  }

  /** DS is bit 59 and SH0 bits 13:12; IPS of 52 bits is 6. */
  @ParameterizedTest
  @CsvSource({
    "FOUR_KIB, 59, TCR_EL1.DS must be set for the address space's tables",
    "SIXTEEN_KIB, 59, TCR_EL1.DS must be set for the address space's tables",
    "SIXTY_FOUR_KIB, 59, TCR_EL1.DS must be clear for the address space's tables",
    "FOUR_KIB, 12, TCR_EL1.SH0 must be that of the address space's tables",
    "SIXTEEN_KIB, 13, TCR_EL1.SH0 must be that of the address space's tables",
    "SIXTY_FOUR_KIB, 33, TCR_EL1.IPS must put out every address",
    "FOUR_KIB, 33, TCR_EL1.IPS must put out every address"
  })
  void aProcessorThatIsSetUpOtherwiseThanForAddressesOf52Bits(
      Granule granule, int bit, String message) {
    TestMachine machine = new TestMachine(new PagingMode(granule, 52));
    machine.context(machine.space());
    machine.vcpu().loadTcr(machine.vcpu().tcr() ^ 1L << bit);
    Arm64FirmwareContextBuilder builder = machine.contextBuilder(machine.space());
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(refused.getMessage().startsWith(message), refused::getMessage);
  }

  /** Entries of 48 bits are the same with an output size of 52, and say who shares memory. */
  @Test
  void tablesOf48BitsDoNotMindMoreOutputBitsNorWhoSharesTables() {
    TestMachine machine = new TestMachine(Granule.SIXTY_FOUR_KIB);
    machine.vcpu().loadTcr(machine.vcpu().tcr() & ~(7L << 32) | 6L << 32 | 2L << 12);
    machine.context(machine.space());
  }

  @Test
  void anAsidThatTheProcessorCutsOff() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    machine.vcpu().loadTcr(machine.vcpu().tcr() & ~(1L << 36));
    machine.contextBuilder(machine.space(255)).build();
    Arm64FirmwareContextBuilder builder = machine.contextBuilder(machine.space(256));
    assertThrows(IllegalArgumentException.class, builder::build);
  }

  /** With IPS 2 it puts out 40 bits; an entry that leads beyond is an address size fault. */
  @Test
  void aProcessorThatPutsOutFewerAddressBitsThanTheTablesMayUse() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    machine.vcpu().loadTcr(machine.vcpu().tcr() & ~(7L << 32) | 2L << 32);
    machine.contextBuilder(machine.space(tables -> tables.physicalBits(40))).build();
    machine.contextBuilder(machine.space(tables -> tables.physicalBits(36))).build();
    Arm64FirmwareContextBuilder builder =
        machine.contextBuilder(machine.space(tables -> tables.physicalBits(42)));
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "TCR_EL1.IPS must put out every address of the address space's tables: bits=40, needed=42",
        refused.getMessage());
  }

  /** Their translations would hold for the host's low addresses after the call. */
  @Test
  void tablesWhosePagesAreGlobal() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    Arm64FirmwareContextBuilder builder =
        machine.contextBuilder(machine.space(tables -> tables.global()));
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(refused.getMessage().startsWith("pages must not be global"), refused::getMessage);
  }

  @Test
  void stacksOfAnotherGranule() {
    TestMachine machine = new TestMachine(Granule.SIXTEEN_KIB);
    EfiStacks stacks = new EfiStacks(machine.stacks().base(), 1, 16 << 10, Granule.FOUR_KIB);
    Arm64FirmwareContextBuilder builder = machine.contextBuilder(machine.space()).stacks(stacks);
    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @Test
  void callMemoryAndStacksMustBeGiven() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    Arm64FirmwareContextBuilder builder =
        Arm64FirmwareContext.builder(machine.space(), machine.vcpu(), machine.memory());
    assertThrows(IllegalStateException.class, builder::build);
    builder.callMemory(new PhysicalAddress(0x70_0000), 4096);
    assertThrows(IllegalStateException.class, builder::build);
    builder.stacks(machine.stacks()).build();
  }

  @ParameterizedTest
  @CsvSource({
    "0x700800, 4096",
    "0x700000, 4095",
    "0x700000, 0",
    "0x700000, -4096",
    "0xFFF000, 8192",
    "0x1000000, 4096"
  })
  void callMemoryMustLieInGuestMemory(String base, long length) {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    Arm64FirmwareContextBuilder builder =
        machine
            .contextBuilder(machine.space())
            .callMemory(new PhysicalAddress(Long.decode(base)), length);
    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @Test
  void whatIsLentMustBeMapped() {
    TestMachine machine = new TestMachine(Granule.FOUR_KIB);
    IdentitySpace space = machine.space();
    Arm64FirmwareContext context = machine.context(space);
    assertThrows(
        IllegalArgumentException.class, () -> context.callMemory((1 << 20) + 4096), "too much");
    space.tables().unmap(new VirtualAddress(0x70_0000 + 4096), 4096).ignore();
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> context.callMemory(4096));
    assertEquals(
        "call memory must be mapped identically and writable: address=0x701000, start=0x700000,"
            + " length=0x100000",
        refused.getMessage());
    space.tables().unmap(new VirtualAddress(machine.stacks().bottom(0)), 4096).ignore();
    assertThrows(IllegalArgumentException.class, context::newSaveArea);
  }
}
