// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86;

import io.efirts.api.call.CallMemory;
import io.efirts.api.map.MappedPages;
import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RejectedEntry;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.plan.VirtualMap;
import io.efirts.api.space.IsolationWitness;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.VirtualModeHost;
import io.efirts.x86.context.X86FirmwareContext;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.space.EfiAddressSpace;
import io.efirts.x86.space.FullIdentityMap;
import java.util.ArrayList;
import java.util.List;

/**
 * All that an x86 host needs to call one firmware: an isolated address space for ordinary calls, a
 * full 1:1 map for SetVirtualAddressMap and for a crash, and the contexts in them.
 *
 * <pre>{@code
 * EfiHost host = EfiHost.builder(PagingMode.FOUR_LEVEL, memoryMap, guestMemory, arena)
 *     .systemTable(systemTable)
 *     .attributes(attributesTable)
 *     .build();
 * FirmwareInstance instance = VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
 * }</pre>
 *
 * <p>For one firmware instance; a new one gets a new host. Made and changed by one thread, before
 * the first call. Firmware that is to run at its physical addresses for ever is not switched:
 * {@code new FirmwareInstance(firmware, host.context(), host.crashContext())}.
 */
public final class EfiHost implements VirtualModeHost {
  private final Parts parts;

  /** Why no switch can be begun, or null. */
  private String switched;

  /**
   * What a host consists of.
   *
   * @param plan where regions lie
   * @param permissions what firmware's table takes away
   * @param space for ordinary calls
   * @param identity for the switch and a crash
   * @param context in the first
   * @param crashContext in the second
   * @param identityContext in the second too
   * @param array for the descriptors
   * @param systemTable where it lies, or null
   * @param witness of ordinary calls, or null
   * @param successor whether another host has made the switch
   */
  record Parts(
      VirtualMap plan,
      RuntimePermissions permissions,
      EfiAddressSpace space,
      FullIdentityMap identity,
      X86FirmwareContext context,
      X86FirmwareContext crashContext,
      X86FirmwareContext identityContext,
      CallMemory array,
      PhysicalAddress systemTable,
      IsolationWitness witness,
      boolean successor) {}

  EfiHost(Parts parts) {
    this.parts = parts;
    if (parts.successor()) {
      switched = "another host has done it";
      virtualModeEntered();
    }
  }

  /**
   * Begins to describe a host.
   *
   * @param mode how the processor walks page tables
   * @param map firmware's memory map
   * @param memory the guest's memory, arena included
   * @param arena a region of it that is the host's own: for page tables, stacks and work items; 16
   *     MiB are plenty; part of it below 4 GiB
   * @return a builder with the defaults its methods name
   */
  public static EfiHostBuilder builder(
      PagingMode mode, MemoryMap map, GuestMemory memory, MemoryRegion arena) {
    return new EfiHostBuilder(mode, map, memory, arena);
  }

  /**
   * Where the regions lie.
   *
   * @return the plan, also what a successor kernel is handed over ({@link VirtualMap#descriptors},
   *     of {@link VirtualMap#runtime})
   */
  public VirtualMap virtualMap() {
    return parts.plan();
  }

  /**
   * What firmware's memory attributes table says.
   *
   * @return the permissions, with what is wrong in the table
   */
  public RuntimePermissions permissions() {
    return parts.permissions();
  }

  /**
   * Where ordinary calls are made.
   *
   * @return always the same
   */
  public EfiAddressSpace space() {
    return parts.space();
  }

  /**
   * All memory at its physical addresses.
   *
   * @return always the same
   */
  public FullIdentityMap identity() {
    return parts.identity();
  }

  /**
   * What firmware in Java has touched in ordinary calls. Regions count as declared as they were
   * planned, boot services memory included.
   *
   * @return always the same witness, or null unless the builder was told {@link
   *     EfiHostBuilder#witnessed}
   */
  public IsolationWitness witness() {
    return parts.witness();
  }

  @Override
  public X86FirmwareContext context() {
    return parts.context();
  }

  @Override
  public X86FirmwareContext crashContext() {
    return parts.crashContext();
  }

  @Override
  public X86FirmwareContext identityContext() {
    return parts.identityContext();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if it is longer than the descriptors of the plan
   */
  @Override
  public CallMemory descriptorArray(long lengthBytes) {
    CallMemory array = parts.array();
    if (lengthBytes > array.segment().byteSize()) {
      throw new IllegalArgumentException(
          "array must hold the plan's descriptors, no more: length="
              + lengthBytes
              + ", room="
              + array.segment().byteSize());
    }
    return array;
  }

  @Override
  public List<EfiMemoryDescriptor> descriptors() {
    return parts.plan().virtualAddressMap();
  }

  @Override
  public PhysicalAddress systemTable() {
    return parts.systemTable();
  }

  @Override
  public void beginVirtualMode() {
    if (switched != null) {
      throw new IllegalStateException("SetVirtualAddressMap must be called once only: " + switched);
    }
    switched = "it was begun before";
  }

  @Override
  public void virtualModeEntered() {
    parts.space().virtualAddressMapSet(parts.permissions()).flush();
  }

  @Override
  public List<String> findings() {
    List<String> findings = new ArrayList<>();
    for (PlannedRegion region : parts.plan().notPlaced()) {
      findings.add(
          "region must fit the virtual window: physicalAddress=0x%x, pages=%d"
              .formatted(region.physicalAddress(), region.pages()));
    }
    for (RejectedEntry entry : parts.permissions().rejected()) {
      findings.add("memory attributes entry %d: %s".formatted(entry.index(), entry.reason()));
    }
    for (MappedPages pages : parts.space().writableAndExecutable()) {
      findings.add(
          "pages must not be writable and executable: physicalAddress=0x%x, pages=%d"
              .formatted(pages.physicalStart(), pages.pages()));
    }
    return List.copyOf(findings);
  }
}
