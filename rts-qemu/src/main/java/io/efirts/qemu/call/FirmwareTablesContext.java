// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatAddressSpace;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import java.util.Objects;

/**
 * Calls under the tables that firmware itself has left, in which every address is its own (UEFI
 * 2.10 sections 2.3.4 and 2.3.6). Nothing is isolated and nothing is switched; of the processor's
 * state only the stack pointer is looked at. For measuring what page tables cost, and for looking
 * at firmware before anything else is set up.
 */
public final class FirmwareTablesContext implements FirmwareContext {
  private static final int STACK_BYTES = 16 * 1024;
  private static final int STACKS = 4;
  private static final MappingAttributes EVERYTHING =
      new MappingAttributes(/* writable= */ true, /* executable= */ true, CacheType.WRITE_BACK);

  private final GuestProcessor processor;
  private final MemoryMap map;
  private final AddressSpaceView view;
  private final CallMemory callMemory;
  private final long firstStack;
  private int stacksTaken;

  /**
   * A context in a piece of memory.
   *
   * @param processor the guest's
   * @param memory all of the guest's memory
   * @param own a piece of it for stacks and work items, nobody else's
   * @param map firmware's memory map, to explain faults by
   * @throws IllegalArgumentException if the piece has no room for work items
   */
  public FirmwareTablesContext(
      GuestProcessor processor, GuestMemory memory, MemoryRegion own, MemoryMap map) {
    this.processor = Objects.requireNonNull(processor, "processor");
    this.map = Objects.requireNonNull(map, "map");
    long stackBytes = (long) STACKS * STACK_BYTES;
    long base = own.base().value();
    if (own.bytes().byteSize() <= stackBytes) {
      throw new IllegalArgumentException(
          "memory must have room for stacks and work items: size=0x"
              + Long.toHexString(own.bytes().byteSize()));
    }
    FlatAddressSpace identity = new FlatAddressSpace(0);
    for (MemoryRegion region : memory.regions()) {
      identity
          .map(
              new VirtualAddress(region.base().value()),
              region.base(),
              region.bytes().byteSize(),
              EVERYTHING)
          .ignore();
    }
    view = new AddressSpaceView(identity, memory);
    firstStack = base + STACK_BYTES;
    callMemory =
        new CallMemory(
            own.bytes().asSlice(stackBytes).fill((byte) 0),
            base + stackBytes,
            new PhysicalAddress(base + stackBytes));
  }

  @Override
  public CallMemory callMemory(long lengthBytes) {
    if (lengthBytes > callMemory.segment().byteSize()) {
      throw new IllegalArgumentException(
          "call memory must hold every work item: needed="
              + lengthBytes
              + ", available="
              + callMemory.segment().byteSize());
    }
    return callMemory;
  }

  @Override
  public AddressSpaceView memory() {
    return view;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if no stack is left
   */
  @Override
  public SaveArea newSaveArea() {
    if (stacksTaken == STACKS) {
      throw new IllegalStateException(
          "every save area must have a stack of its own: stacks=" + STACKS);
    }
    return new OwnStack(firstStack + (long) STACK_BYTES * stacksTaken++);
  }

  @Override
  public void enter(SaveArea saveArea) {
    OwnStack stack = (OwnStack) saveArea;
    stack.previous = processor.stackPointer();
    processor.stackPointer(stack.top);
  }

  @Override
  public int leave(SaveArea saveArea) {
    OwnStack stack = (OwnStack) saveArea;
    int repairs = processor.stackPointer() == stack.top ? 0 : ContextRepair.STACK.bit();
    processor.stackPointer(stack.previous);
    return repairs;
  }

  @Override
  public EfiMemoryDescriptor nearestDescriptor(long address) {
    return map.regionAt(address);
  }

  /** One entry's stack. */
  private static final class OwnStack implements SaveArea {
    private final long top;
    private long previous;

    private OwnStack(long top) {
      this.top = top;
    }
  }
}
