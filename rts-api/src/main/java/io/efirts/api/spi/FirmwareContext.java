// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.List;

/**
 * The machine state firmware is called in: it binds an address space to a {@link Vcpu} and is
 * entered and left around every call.
 *
 * <p>{@link #enter} and {@link #leave} run on the calling thread while it holds the gate; they
 * neither block nor allocate nor lock. What was active before is kept in the caller's {@link
 * SaveArea}, so an entry nested in another one cannot overwrite the outer state.
 */
public interface FirmwareContext {
  /**
   * Lends memory for work items, mapped in this context's address space as long as the context is
   * used. Called once, before the first call; may allocate.
   *
   * @param lengthBytes number of bytes needed, a multiple of 4096
   * @return at least that many zeroed bytes
   * @throws IllegalArgumentException if the context cannot lend that much
   */
  CallMemory callMemory(long lengthBytes);

  /**
   * Memory as the firmware sees it in this context.
   *
   * @return always the same view
   */
  AddressSpaceView memory();

  /**
   * Makes a place to keep what {@link #enter} finds. One per path that can be inside at the same
   * time as another; may allocate.
   *
   * @return a new save area, usable with this context only
   */
  SaveArea newSaveArea();

  /**
   * Saves what is active and sets what the firmware's calling environment demands. Must not throw:
   * what it has changed by then would stay.
   *
   * @param saveArea where the previous state goes; not in use by another entry
   */
  void enter(SaveArea saveArea);

  /**
   * Restores what {@link #enter} found, repairing what firmware broke. Called on every way out,
   * also after a fault. Must not throw and must not allocate.
   *
   * @param saveArea the save area of the matching {@link #enter}
   * @return what had to be repaired, a mask of {@link ContextRepair#bit}s; 0 if nothing
   */
  int leave(SaveArea saveArea);

  /**
   * The memory descriptor that explains an address best, for fault reports: the one that contains
   * it, else the nearest. Never called inside the firmware; may allocate.
   *
   * @param address an address in this context's address space
   * @return the descriptor, or null if there is no memory map; the default has none
   */
  default EfiMemoryDescriptor nearestDescriptor(long address) {
    return null;
  }

  /**
   * What this context knows about a fault, for whoever has to find its cause: how the address is
   * translated, to what it belongs, what would have to be declared. Never called inside the
   * firmware; may allocate.
   *
   * @param fault a fault that was raised in this context
   * @return lines of text, possibly none; the default has none
   */
  default List<String> explain(FirmwareFault fault) {
    return List.of();
  }

  /** The previous state of one entry; its content is the context's own business. */
  interface SaveArea {}
}
