// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PageTables;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.plan.VirtualAddressPlanner;
import io.efirts.arm64.space.EfiAddressSpace;
import io.efirts.arm64.space.EfiAddressSpaceBuilder;
import java.util.List;

/**
 * Tables of a 64-bit Arm processor, in TTBR0_EL1.
 *
 * @param mode granule and address size
 */
record Arm64Format(PagingMode mode) implements TableFormat {
  @Override
  public String description() {
    return Architecture.ARM64 + ", " + mode;
  }

  @Override
  public int granuleBytes() {
    return mode.granule().bytes();
  }

  @Override
  public ShownTables make(TableInput input, MemoryRegion memory) {
    VirtualMap plan = plan(input);
    FrameBitmap free = FrameBitmap.of(mode.granule().page(), memory);
    int frames = free.freeFrames();
    EfiAddressSpaceBuilder builder =
        EfiAddressSpace.builder(
                PageTables.builder(mode, GuestMemory.of(List.of(memory)), free)
                    .mairTypes(MairTypes.EARLY_ACKNOWLEDGE),
                plan)
            .memoryMap(input.file().map());
    if (input.file().form() != MemoryMapForm.RUNTIME_MAP) {
      builder.bootServices();
    }
    EfiAddressSpace space = builder.build();
    if (input.permissions() != null) {
      space.virtualAddressMapSet(input.permissions()).flush();
    }
    return new ShownTables(
        space.plan().descriptors(),
        plan.notPlaced().stream().map(PlannedRegion::descriptor).toList(),
        frames - free.freeFrames(),
        space.tables().mappings().stream().map(MappingSummary::of).toList(),
        space.writableAndExecutable(),
        sharedGranules(space),
        input.explained() == null ? null : space.explain(input.explained()));
  }

  private static VirtualMap plan(TableInput input) {
    if (input.file().form() == MemoryMapForm.RUNTIME_MAP) {
      input.file().map().regions().forEach(Arm64Format::requireRuntime);
    }
    VirtualAddressPlanner planner =
        input.successor()
            ? VirtualAddressPlanner.successor(VirtualAddressPlanner.LINUX_WINDOW)
            : VirtualAddressPlanner.linux();
    return planner.plan(input.file().map());
  }

  /** Without it a region has no virtual address here: what the list says cannot be shown. */
  private static void requireRuntime(EfiMemoryDescriptor region) {
    if (!region.isRuntime()) {
      throw new IllegalArgumentException(
          "a region that is mapped at a virtual address must have RUNTIME on arm64:"
              + " physicalAddress="
              + HexText.of(region.physicalStart())
              + ", virtualAddress="
              + HexText.of(region.virtualStart()));
    }
  }

  private List<SharedGranuleSummary> sharedGranules(EfiAddressSpace space) {
    return mode.granule() == Granule.FOUR_KIB
        ? null
        : SharedGranuleSummary.of(space.sharedGranules(), space.plan().descriptors());
  }
}
