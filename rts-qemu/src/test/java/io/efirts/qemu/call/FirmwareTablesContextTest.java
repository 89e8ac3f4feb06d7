// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.CallMemory;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext.SaveArea;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every address is its own, and the stack pointer is all that is looked at. */
class FirmwareTablesContextTest {
  private static final long STACKS_BYTES = 4 * 16 * 1024;

  private final GuestCall call = new GuestCall();

  private FirmwareTablesContext fresh(long bytes) {
    MemoryRegion own =
        new MemoryRegion(
            new PhysicalAddress(call.guest.base()), call.guest.bytes().asSlice(0, bytes));
    return new FirmwareTablesContext(call.processor, call.guest.memory(), own, map());
  }

  private MemoryMap map() {
    return call.agent.memoryMap();
  }

  @Test
  void anEntryHasAStackOfItsOwnAndGivesBackTheOldOne() {
    call.processor.stackPointer(0x1230);
    SaveArea area = call.context.newSaveArea();
    call.context.enter(area);
    long top = call.processor.stackPointer();
    assertEquals(0, top % 16);
    SaveArea nested = call.context.newSaveArea();
    call.context.enter(nested);
    assertEquals(16 * 1024, call.processor.stackPointer() - top);
    assertEquals(0, call.context.leave(nested));
    assertEquals(top, call.processor.stackPointer());
    assertEquals(0, call.context.leave(area));
    assertEquals(0x1230, call.processor.stackPointer());
  }

  @Test
  void aStackPointerThatFirmwareLeavesWrongIsRepaired() {
    call.processor.stackPointer(0x1230);
    SaveArea area = call.context.newSaveArea();
    call.context.enter(area);
    call.processor.stackPointer(call.processor.stackPointer() + 8);
    assertEquals(ContextRepair.STACK.bit(), call.context.leave(area));
    assertEquals(0x1230, call.processor.stackPointer());
  }

  @Test
  void stacksDoNotReachIntoEachOtherOrTheWorkItems() {
    FirmwareTablesContext context = fresh(STACKS_BYTES + 4096);
    Set<Long> tops = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      context.enter(context.newSaveArea());
      tops.add(call.processor.stackPointer());
      long end = call.processor.stackPointer() - call.guest.base();
      assertEquals(0, end % (16 * 1024));
      assertTrue(end > 0 && end <= STACKS_BYTES);
    }
    assertEquals(4, tops.size());
    IllegalStateException e = assertThrows(IllegalStateException.class, context::newSaveArea);
    assertEquals("every save area must have a stack of its own: stacks=4", e.getMessage());
  }

  @Test
  void workItemsLieBehindTheStacksAtTheirOwnAddress() {
    FirmwareTablesContext context = fresh(STACKS_BYTES + 4096);
    CallMemory memory = context.callMemory(4096);
    assertEquals(call.guest.base() + STACKS_BYTES, memory.firmwareAddress());
    assertEquals(memory.firmwareAddress(), memory.physicalAddress().value());
    assertEquals(4096, memory.segment().byteSize());
    assertSame(memory, context.callMemory(1));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> context.callMemory(4097));
    assertEquals(
        "call memory must hold every work item: needed=4097, available=4096", e.getMessage());
  }

  @Test
  void aPieceWithoutRoomForWorkItemsIsRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> fresh(STACKS_BYTES));
    assertEquals("memory must have room for stacks and work items: size=0x10000", e.getMessage());
  }

  @Test
  void allOfMemoryIsSeenWhereItLies() {
    long address = call.guest.base() + 0x2_0008;
    call.context.memory().putLong(address, 0x1122_3344_5566_7788L);
    assertEquals(0x1122_3344_5566_7788L, call.context.memory().getLong(address));
    assertEquals(
        0x1122_3344_5566_7788L, call.guest.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED, 0x2_0008));
  }

  @Test
  void anAddressIsExplainedByTheDescriptorThatHasIt() {
    EfiMemoryDescriptor code = map().regions().getFirst();
    assertEquals(code, call.context.nearestDescriptor(code.physicalStart()));
    assertNull(call.context.nearestDescriptor(code.physicalStart() - 1));
  }
}
