// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.flat;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.Vcpu;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A firmware context without page tables: work items lie in a region of its own, further guest
 * memory is what the embedder declared, all of it mapped identically.
 */
public final class FlatFirmwareContext implements FirmwareContext {
  /** The root that stands for the host's own address space when the embedder names none. */
  public static final long DEFAULT_HOST_ROOT = 0;

  /** Where the work items lie when the embedder names no address. */
  public static final PhysicalAddress DEFAULT_CALL_MEMORY_BASE = new PhysicalAddress(0x10_0000);

  private final Vcpu vcpu;
  private final FlatAddressSpace addressSpace;
  private final AddressSpaceView view;
  private final CallMemory callMemory;

  /**
   * A context with a processor model and work-item memory of its own and no other guest memory.
   *
   * @param callMemoryBytes most bytes of work items it can lend, a positive multiple of 4096
   */
  public FlatFirmwareContext(long callMemoryBytes) {
    this(
        new FlatVcpu(DEFAULT_HOST_ROOT),
        new MemoryRegion(DEFAULT_CALL_MEMORY_BASE, CallMemory.allocate(callMemoryBytes)),
        List.of());
  }

  /**
   * A context over the embedder's memory and processor.
   *
   * @param vcpu the processor whose address space is switched around each call
   * @param callMemory where work items lie; zeroed, used by nobody else
   * @param guestMemory memory that ABI calls may point to, mapped readable and writable
   * @throws IllegalArgumentException if regions overlap
   */
  public FlatFirmwareContext(Vcpu vcpu, MemoryRegion callMemory, List<MemoryRegion> guestMemory) {
    this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
    List<MemoryRegion> all = new ArrayList<>(guestMemory);
    all.add(callMemory);
    GuestMemory memory = GuestMemory.of(all);
    this.addressSpace = new FlatAddressSpace(DEFAULT_HOST_ROOT + 1);
    for (MemoryRegion region : all) {
      addressSpace
          .map(
              new VirtualAddress(region.base().value()),
              region.base(),
              region.bytes().byteSize(),
              MappingAttributes.DATA)
          .ignore();
    }
    this.view = new AddressSpaceView(addressSpace, memory);
    this.callMemory =
        new CallMemory(callMemory.bytes(), callMemory.base().value(), callMemory.base());
  }

  /**
   * The address space the firmware runs in; further ranges may be mapped between calls.
   *
   * @return the address space
   */
  public AddressSpace addressSpace() {
    return addressSpace;
  }

  @Override
  public CallMemory callMemory(long lengthBytes) {
    MemorySegment bytes = callMemory.segment();
    if (lengthBytes > bytes.byteSize()) {
      throw new IllegalArgumentException(
          "call memory must hold every work item: needed="
              + lengthBytes
              + ", available="
              + bytes.byteSize());
    }
    return callMemory;
  }

  @Override
  public AddressSpaceView memory() {
    return view;
  }

  @Override
  public SaveArea newSaveArea() {
    return new PreviousRoot();
  }

  @Override
  public void enter(SaveArea saveArea) {
    ((PreviousRoot) saveArea).root = vcpu.addressSpaceRoot();
    vcpu.loadAddressSpaceRoot(addressSpace.root());
  }

  @Override
  public int leave(SaveArea saveArea) {
    int repairs =
        vcpu.addressSpaceRoot() == addressSpace.root() ? 0 : ContextRepair.ADDRESS_SPACE_ROOT.bit();
    vcpu.loadAddressSpaceRoot(((PreviousRoot) saveArea).root);
    return repairs;
  }

  /** The root that was active before an entry. */
  private static final class PreviousRoot implements SaveArea {
    private long root;
  }
}
