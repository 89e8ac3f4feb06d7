// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.space;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.util.List;

/**
 * An address space in which firmware is called, and what is known about what lies in it.
 *
 * @param <T> the tables of the architecture
 */
public interface FirmwareSpace<T extends AddressSpace> {
  /**
   * The tables.
   *
   * @return always the same
   */
  T tables();

  /**
   * Brings entries that are shared with the host up to date; does nothing where none are. Called at
   * every entry, before firmware runs, by the thread that has the gate; never throws or blocks, and
   * allocates nothing.
   */
  default void prepareEntry() {}

  /**
   * The memory descriptor that contains an address, at its physical or its virtual address, else
   * the nearest one.
   *
   * @param address any address
   * @return the descriptor, or null without a memory map
   */
  EfiMemoryDescriptor nearestDescriptor(long address);

  /**
   * What is known about a fault: how the address is translated, to which region it belongs, and
   * which descriptor is missing.
   *
   * @param fault a fault raised in this address space
   * @return lines of text
   */
  List<String> explain(FirmwareFault fault);
}
