// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.List;

/**
 * What the host of a firmware has ready when SetVirtualAddressMap is called: the contexts, and the
 * virtual addresses it has chosen. UEFI 2.10 sections 2.3.2, 2.3.4 and 8.4.1.
 *
 * <p>Used by one thread, before the first runtime service is called through a dispatcher.
 */
public interface VirtualModeHost {
  /**
   * Where firmware is called afterwards.
   *
   * @return the context of ordinary calls
   */
  FirmwareContext context();

  /**
   * Where firmware is called after a crash.
   *
   * @return the crash context, or null if there is none
   */
  FirmwareContext crashContext();

  /**
   * Where SetVirtualAddressMap is called: all memory is mapped identically there.
   *
   * @return the context, entered by this one call only
   */
  FirmwareContext identityContext();

  /**
   * Memory for the array of descriptors, mapped identically in {@link #identityContext} wherever it
   * lies. Called once.
   *
   * @param lengthBytes number of bytes needed
   * @return at least that many
   */
  CallMemory descriptorArray(long lengthBytes);

  /**
   * The regions firmware is told.
   *
   * @return those that have a virtual address, in physical order
   */
  List<EfiMemoryDescriptor> descriptors();

  /**
   * Where the EFI system table lies.
   *
   * @return its physical address, or null if firmware has none: then nothing of it is checked
   */
  PhysicalAddress systemTable();

  /**
   * Begins the switch: from now on no other one can be begun for this firmware.
   *
   * @throws IllegalStateException if it has been begun before, or the firmware was handed over by
   *     another host, which has done it
   */
  void beginVirtualMode();

  /**
   * Ends the switch: what firmware needs no longer is taken out of the address spaces, and what its
   * memory attributes say is applied. Called after firmware has answered with success and its
   * tables were found right; they are looked at once more afterwards. What it throws disables the
   * services.
   */
  void virtualModeEntered();

  /**
   * What somebody should look at: regions without a virtual address, entries of firmware's tables
   * that are not used, pages that can still be written and executed. Asked after the switch; may
   * allocate.
   *
   * @return one line for each, possibly none; the default has none
   */
  default List<String> findings() {
    return List.of();
  }
}
