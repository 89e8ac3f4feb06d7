// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.story;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.VirtualModeHost;
import io.efirts.x86.EfiHost;
import io.efirts.x86.context.EfiStacks;
import io.efirts.x86.context.X86FirmwareContext;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import java.util.List;

/**
 * A host as it was in 2012: SetVirtualAddressMap is called on tables in which one top-level entry
 * maps the first 512 GiB at their physical addresses, and nothing else is.
 */
final class FirstTableHost implements VirtualModeHost, FirmwareSpace<PageTables> {
  private static final long PAGE = 4096;
  private static final MappingAttributes ANYTHING =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);

  private final EfiHost host;
  private final PageTables tables;
  private final FirmwareContext context;

  FirstTableHost(EfiHost host, GuestMemory memory, MemoryRegion own) {
    this.host = host;
    PhysicalAddress base = own.base();
    EfiStacks stacks = new EfiStacks(new PhysicalAddress(base.value() + PAGE), 1, 8192);
    tables =
        PageTables.builder(
                PagingMode.FOUR_LEVEL,
                memory,
                new FrameBitmap(
                    PageSize.FOUR_KIB, new PhysicalAddress(base.value() + 16 * PAGE), 16))
            .build();
    tables.map(new VirtualAddress(0), new PhysicalAddress(0), 512L << 30, ANYTHING).ignore();
    context =
        X86FirmwareContext.builder(this, ModelX86Vcpu.of(PagingMode.FOUR_LEVEL, 0), memory)
            .callMemory(base, PAGE)
            .stacks(stacks)
            .build();
  }

  @Override
  public FirmwareContext identityContext() {
    return context;
  }

  @Override
  public PageTables tables() {
    return tables;
  }

  @Override
  public void prepareEntry() {
    // Nothing is shared with anybody.
  }

  @Override
  public EfiMemoryDescriptor nearestDescriptor(long address) {
    return host.identity().nearestDescriptor(address);
  }

  @Override
  public List<String> explain(FirmwareFault fault) {
    return tables.explain(new VirtualAddress(fault.address()));
  }

  @Override
  public FirmwareContext context() {
    return host.context();
  }

  @Override
  public FirmwareContext crashContext() {
    return host.crashContext();
  }

  @Override
  public CallMemory descriptorArray(long lengthBytes) {
    return host.descriptorArray(lengthBytes);
  }

  @Override
  public List<EfiMemoryDescriptor> descriptors() {
    return host.descriptors();
  }

  @Override
  public PhysicalAddress systemTable() {
    return host.systemTable();
  }

  @Override
  public void beginVirtualMode() {
    host.beginVirtualMode();
  }

  @Override
  public void virtualModeEntered() {
    host.virtualModeEntered();
  }
}
