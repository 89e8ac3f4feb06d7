// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.plan.RegionSelection;
import io.efirts.x86.plan.VirtualAddressPlanner;
import io.efirts.x86.space.EfiAddressSpace;
import java.util.List;

/**
 * Tables of a 64-bit x86 processor.
 *
 * @param mode how many levels they have
 */
record X86Format(PagingMode mode) implements TableFormat {
  @Override
  public String description() {
    return Architecture.X86_64 + ", " + mode.levels() + " levels";
  }

  @Override
  public int granuleBytes() {
    return AddressSpace.PAGE_BYTES;
  }

  @Override
  public ShownTables make(TableInput input, MemoryRegion memory) {
    VirtualMap plan = plan(input);
    FrameBitmap free = FrameBitmap.of(PageSize.FOUR_KIB, memory);
    int frames = free.freeFrames();
    EfiAddressSpace space =
        EfiAddressSpace.builder(
                PageTables.builder(mode, GuestMemory.of(List.of(memory)), free), plan)
            .memoryMap(input.file().map())
            .build();
    if (input.permissions() != null) {
      space.virtualAddressMapSet(input.permissions()).flush();
    }
    return new ShownTables(
        space.plan().descriptors(),
        plan.notPlaced().stream().map(PlannedRegion::descriptor).toList(),
        frames - free.freeFrames(),
        space.tables().mappings().stream().map(MappingSummary::of).toList(),
        space.writableAndExecutable(),
        null,
        input.explained() == null ? null : space.explain(input.explained()));
  }

  private static VirtualMap plan(TableInput input) {
    VirtualAddressPlanner planner =
        input.successor()
            ? VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW)
            : VirtualAddressPlanner.linux();
    return planner.plan(
        input.file().map(),
        input.file().form() == MemoryMapForm.RUNTIME_MAP
            ? RegionSelection.ALL
            : RegionSelection.RUNTIME_AND_BOOT_SERVICES);
  }
}
