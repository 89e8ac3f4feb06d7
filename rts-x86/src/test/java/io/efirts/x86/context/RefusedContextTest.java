// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.x86.machine.IdentitySpace;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What could not work is refused when the context is made, and says what is missing. */
class RefusedContextTest {
  private static void assertRefused(PagingMode mode, Consumer<ModelX86Vcpu> unfit, String bit) {
    TestMachine machine = new TestMachine(mode);
    X86FirmwareContextBuilder builder = machine.contextBuilder(machine.space());
    unfit.accept(machine.vcpu());
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(
        refused
            .getMessage()
            .startsWith(bit + " for the address space's tables: mode=" + mode + ", cr0=0x"),
        refused::getMessage);
  }

  /** Bit numbers from the manual. */
  @ParameterizedTest
  @CsvSource({
    "LEGACY_32, 0, 0, CR0.PE must be set",
    "LEGACY_32, 0, 31, CR0.PG must be set",
    "LEGACY_32, 0, 16, CR0.WP must be set",
    "LEGACY_32, 4, 5, CR4.PAE must be clear",
    "LEGACY_32, 4, 4, CR4.PSE must be set",
    "PAE, 0, 31, CR0.PG must be set",
    "PAE, 4, 5, CR4.PAE must be set",
    "PAE, 8, 8, EFER.LMA must be clear",
    "PAE, 8, 11, EFER.NXE must be set",
    "FOUR_LEVEL, 0, 16, CR0.WP must be set",
    "FOUR_LEVEL, 4, 5, CR4.PAE must be set",
    "FOUR_LEVEL, 4, 12, CR4.LA57 must be clear",
    "FOUR_LEVEL, 8, 8, EFER.LMA must be set",
    "FOUR_LEVEL, 8, 11, EFER.NXE must be set",
    "FIVE_LEVEL, 4, 12, CR4.LA57 must be set",
    "FIVE_LEVEL, 8, 8, EFER.LMA must be set"
  })
  void aProcessorInAnotherMode(PagingMode mode, int register, int bit, String message) {
    assertRefused(
        mode,
        vcpu -> {
          switch (register) {
            case 0 -> vcpu.loadCr0(vcpu.cr0() ^ 1L << bit);
            case 4 -> vcpu.loadCr4(vcpu.cr4() ^ 1L << bit);
            default -> vcpu.loadEfer(vcpu.efer() ^ 1L << bit);
          }
        },
        message);
  }

  @Test
  void callMemoryAndStacksMustBeGiven() {
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    X86FirmwareContextBuilder builder =
        X86FirmwareContext.builder(machine.space(), machine.vcpu(), machine.memory());
    assertThrows(IllegalStateException.class, builder::build);
    builder.callMemory(new PhysicalAddress(0x70_0000), 4096);
    assertThrows(IllegalStateException.class, builder::build);
    builder.stacks(TestMachine.stacks()).build();
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
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    X86FirmwareContextBuilder builder =
        machine
            .contextBuilder(machine.space())
            .callMemory(new PhysicalAddress(Long.decode(base)), length);
    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @Test
  void in32BitsEverythingLiesBelow4GiB() {
    TestMachine machine = new TestMachine(PagingMode.PAE);
    X86FirmwareContextBuilder builder =
        machine
            .contextBuilder(machine.space())
            .stacks(new EfiStacks(new PhysicalAddress(0xFFFF_E000L), 1, 8192));
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "stack must end below 4 GiB in a mode of 32 bits: start=0xfffff000, length=0x2000",
        refused.getMessage());
  }

  /** A stack pointer of 4 GiB is 0 in a register of 32 bits. */
  @ParameterizedTest
  @EnumSource(
      value = PagingMode.class,
      names = {"LEGACY_32", "PAE"})
  void in32BitsTheFirstStackPointerFitsItsRegister(PagingMode mode) {
    TestMachine machine = new TestMachine(mode);
    MemoryRegion high =
        new MemoryRegion(new PhysicalAddress(0xFFFF_0000L), CallMemory.allocate(0x1_0000));
    GuestMemory memory = GuestMemory.of(List.of(machine.memory().regions().getFirst(), high));
    X86FirmwareContextBuilder builder =
        X86FirmwareContext.builder(machine.space(), machine.vcpu(), memory)
            .callMemory(new PhysicalAddress(0xFFFF_0000L), 0x1_0000)
            .stacks(new EfiStacks(new PhysicalAddress(0xFFFF_D000L), 1, 8192));
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
    assertEquals(
        "stack must end below 4 GiB in a mode of 32 bits: start=0xffffe000, length=0x2000",
        refused.getMessage());
    builder.stacks(new EfiStacks(new PhysicalAddress(0xFFFF_C000L), 1, 8192)).build();
  }

  @Test
  void whatIsLentMustBeMapped() {
    TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
    IdentitySpace space = machine.space();
    X86FirmwareContext context = machine.context(space);
    assertThrows(
        IllegalArgumentException.class, () -> context.callMemory((1 << 20) + 4096), "too much");
    space.tables().unmap(new VirtualAddress(0x70_0000 + 4096), 4096).ignore();
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> context.callMemory(4096));
    assertEquals(
        "call memory must be mapped identically and writable: address=0x701000, start=0x700000,"
            + " length=0x100000",
        refused.getMessage());
    space.tables().unmap(new VirtualAddress(TestMachine.stacks().bottom(0)), 4096).ignore();
    assertThrows(IllegalArgumentException.class, context::newSaveArea);
  }
}
