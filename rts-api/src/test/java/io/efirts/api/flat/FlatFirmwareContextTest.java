// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.flat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spi.FirmwareContext.SaveArea;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The flat context maps what was declared, and entries nest (I-14). */
class FlatFirmwareContextTest {
  private static final long HOST = 0x77_0000;

  private final FlatVcpu vcpu = new FlatVcpu(HOST);
  private final MemoryRegion calls =
      new MemoryRegion(new PhysicalAddress(0x10_0000), MemorySegment.ofArray(new byte[8192]));
  private final MemoryRegion guest =
      new MemoryRegion(new PhysicalAddress(0x40_0000), MemorySegment.ofArray(new byte[4096]));
  private final FlatFirmwareContext context = new FlatFirmwareContext(vcpu, calls, List.of(guest));

  @Test
  void firmwareReachesWhatWasDeclaredAndNothingElse() {
    context.memory().putLong(0x40_0FF8, 42);
    assertEquals(42, context.memory().getLong(0x40_0FF8));
    assertEquals(0, context.memory().getByte(0x10_1FFF));
    assertThrows(FirmwareFault.class, () -> context.memory().getByte(0x40_1000));
    assertThrows(FirmwareFault.class, () -> context.memory().getByte(0x10_2000));
    assertThrows(FirmwareFault.class, () -> context.memory().getByte(0));
  }

  @Test
  void workItemsLieInTheirRegion() {
    assertEquals(0x10_0000, context.callMemory(8192).firmwareAddress());
    assertEquals(new PhysicalAddress(0x10_0000), context.callMemory(1).physicalAddress());
    assertEquals(
        "call memory must hold every work item: needed=8193, available=8192",
        assertThrows(IllegalArgumentException.class, () -> context.callMemory(8193)).getMessage());
  }

  @Test
  void aNestedEntryDoesNotOverwriteTheOuterOne() {
    SaveArea outer = context.newSaveArea();
    SaveArea inner = context.newSaveArea();
    long root = context.addressSpace().root();
    context.enter(outer);
    assertEquals(root, vcpu.addressSpaceRoot());
    context.enter(inner);
    context.leave(inner);
    assertEquals(root, vcpu.addressSpaceRoot());
    context.leave(outer);
    assertEquals(HOST, vcpu.addressSpaceRoot());
  }

  @Test
  void regionsMustNotOverlap() {
    assertEquals(
        "regions must not overlap: first=PA 0x100000, second=PA 0x100000",
        assertThrows(
                IllegalArgumentException.class,
                () -> new FlatFirmwareContext(vcpu, calls, List.of(calls)))
            .getMessage());
  }
}
