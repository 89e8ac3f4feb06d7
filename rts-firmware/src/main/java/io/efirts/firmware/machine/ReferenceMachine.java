// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.flat.FlatVcpu;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine for one reference firmware: what its memory map says, and the memory behind those
 * regions that the firmware keeps. Memory that belongs to the operating system is in the map only.
 *
 * <p>A firmware that takes the place of another gets a machine of its own, so that a thread stopped
 * in the old one has no memory in common with the new.
 *
 * <p>Making one allocates and zeroes some megabytes outside the heap, which live as long as
 * something refers to them. Immutable but for the bytes and the arena, which is allocated when it
 * is first asked for: by one thread, before the machine is used.
 */
public final class ReferenceMachine {
  private static final MappingAttributes CODE_AND_DATA =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);
  private static final MappingAttributes REGISTERS =
      new MappingAttributes(true, false, CacheType.UNCACHED);

  private final FirmwarePlacement placement;
  private final MemoryMap memoryMap;
  private final EfiMemoryAttributesTable attributesTable;
  private final PageRange arenaRange;
  private final List<MemoryRegion> firmwareRegions;
  private MemoryRegion arena;

  private ReferenceMachine(
      FirmwarePlacement placement,
      MemoryMap memoryMap,
      List<FirmwareImage> images,
      PageRange arenaRange) {
    this.placement = placement;
    this.memoryMap = memoryMap;
    this.attributesTable = attributesTable(memoryMap, images);
    this.arenaRange = arenaRange;
    this.firmwareRegions =
        memoryMap.regions().stream()
            .filter(region -> hasBytes(region, placement))
            .map(region -> allocate(new PageRange(region.physicalStart(), region.numberOfPages())))
            .toList();
  }

  /**
   * An x86 machine: QEMU's q35 with 256 MiB of memory and OVMF's regions. The clock is behind I/O
   * ports.
   *
   * @return a new machine
   */
  public static ReferenceMachine q35() {
    return new ReferenceMachine(Q35.PLACEMENT, Q35.map(), Q35.images(), Q35.ARENA);
  }

  /**
   * An arm64 machine: QEMU's virt with 256 MiB of memory and ArmVirt's regions. The clock has
   * registers in memory.
   *
   * @return a new machine
   */
  public static ReferenceMachine virt() {
    return new ReferenceMachine(Virt.PLACEMENT, Virt.map(), Virt.images(), Virt.ARENA);
  }

  /**
   * A machine in which a firmware of {@code OVMF_2M} just fits, with every kind of part: for where
   * megabytes would be missed.
   *
   * @return a new machine
   */
  public static ReferenceMachine small() {
    return new ReferenceMachine(
        SmallMachine.PLACEMENT, SmallMachine.map(), SmallMachine.images(), SmallMachine.ARENA);
  }

  private static EfiMemoryAttributesTable attributesTable(
      MemoryMap map, List<FirmwareImage> images) {
    List<EfiMemoryDescriptor> entries = new ArrayList<>();
    for (EfiMemoryDescriptor region : map.regions()) {
      if (region.type() == MemoryType.RUNTIME_SERVICES_CODE) {
        PageRange range = new PageRange(region.physicalStart(), region.numberOfPages());
        images.stream()
            .filter(image -> range.contains(image.physicalStart()))
            .forEach(image -> entries.addAll(image.attributes()));
      } else if (region.type() == MemoryType.RUNTIME_SERVICES_DATA) {
        entries.add(
            new EfiMemoryDescriptor(
                region.type(),
                region.physicalStart(),
                0,
                region.numberOfPages(),
                MemoryAttributes.RUNTIME | MemoryAttributes.XP));
      }
    }
    return new EfiMemoryAttributesTable(1, 0, entries);
  }

  private static boolean hasBytes(EfiMemoryDescriptor region, FirmwarePlacement placement) {
    return region.type() == MemoryType.RUNTIME_SERVICES_CODE
        || region.physicalStart() == placement.globals().physicalStart()
        || region.physicalStart() == placement.mirror().physicalStart();
  }

  private static MemoryRegion allocate(PageRange range) {
    return new MemoryRegion(
        new PhysicalAddress(range.physicalStart()), CallMemory.allocate(range.sizeBytes()));
  }

  /**
   * Where the firmware's parts lie.
   *
   * @return their physical addresses
   */
  public FirmwarePlacement placement() {
    return placement;
  }

  /**
   * The whole memory map, as GetMemoryMap would return it.
   *
   * @return regions in physical order, without virtual addresses
   */
  public MemoryMap memoryMap() {
    return memoryMap;
  }

  /**
   * The memory attributes table, which the firmware has among its configuration tables too: with it
   * no page needs to be writable and executable.
   *
   * @return the table, of version 1
   */
  public EfiMemoryAttributesTable attributesTable() {
    return attributesTable;
  }

  /**
   * Where the EFI system table lies once a firmware is in the machine.
   *
   * @return its physical address
   */
  public PhysicalAddress systemTable() {
    return new PhysicalAddress(placement.globals().physicalStart());
  }

  /**
   * The memory behind the firmware's code, globals and mirror.
   *
   * @return the regions in physical order, immutable
   */
  public List<MemoryRegion> firmwareRegions() {
    return firmwareRegions;
  }

  /**
   * Memory that the map reserves for the host: page tables, stacks, work items.
   *
   * @return 16 MiB, 64 KiB in the small machine; always the same, zeroed at first
   */
  public MemoryRegion arena() {
    if (arena == null) {
      arena = allocate(arenaRange);
    }
    return arena;
  }

  /**
   * All memory of this machine that has bytes.
   *
   * @return the firmware's regions and the arena
   */
  public GuestMemory guestMemory() {
    List<MemoryRegion> all = new ArrayList<>(firmwareRegions);
    all.add(arena());
    return GuestMemory.of(all);
  }

  /**
   * The bytes behind a part of the firmware.
   *
   * @param range pages in one of {@link #firmwareRegions}
   * @return their bytes
   * @throws IllegalArgumentException if they are not
   */
  public MemorySegment bytes(PageRange range) {
    for (MemoryRegion region : firmwareRegions) {
      long offset = region.offsetOf(range.physicalStart());
      long room = region.bytes().byteSize() - offset;
      if (offset >= 0 && range.sizeBytes() <= room) {
        return region.bytes().asSlice(offset, range.sizeBytes());
      }
    }
    throw new IllegalArgumentException(
        "range must lie in the firmware's memory: physicalStart=0x"
            + Long.toHexString(range.physicalStart())
            + ", pages="
            + range.pages());
  }

  /**
   * A context without page tables in which everything the firmware needs is mapped at its physical
   * address: code executable and writable, registers uncached. Further ranges may be unmapped or
   * mapped there between calls.
   *
   * @param callMemory where work items lie
   * @param guestMemory further memory, none of it the machine's
   * @return a new context with a processor of its own
   * @throws IllegalArgumentException if regions overlap
   */
  public FlatFirmwareContext flatContext(MemoryRegion callMemory, List<MemoryRegion> guestMemory) {
    List<MemoryRegion> memory = new ArrayList<>(firmwareRegions);
    memory.addAll(guestMemory);
    FlatFirmwareContext context =
        new FlatFirmwareContext(
            new FlatVcpu(FlatFirmwareContext.DEFAULT_HOST_ROOT), callMemory, memory);
    AddressSpace space = context.addressSpace();
    for (EfiMemoryDescriptor region : memoryMap.regions()) {
      VirtualAddress start = new VirtualAddress(region.physicalStart());
      long sizeBytes = new PageRange(region.physicalStart(), region.numberOfPages()).sizeBytes();
      if (region.type() == MemoryType.RUNTIME_SERVICES_CODE) {
        space.protect(start, sizeBytes, CODE_AND_DATA).ignore();
      } else if (region.type() == MemoryType.MEMORY_MAPPED_IO) {
        PhysicalAddress registers = new PhysicalAddress(region.physicalStart());
        space.map(start, registers, sizeBytes, REGISTERS).ignore();
      }
    }
    return context;
  }
}
