// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.arm64.paging.PageTables;
import java.util.List;

/**
 * An address space in which firmware is called, and what is known about what lies in it. It is what
 * TTBR0_EL1 leads to; the host's own range of addresses is TTBR1_EL1's and never part of it, so
 * that nothing has to be brought up to date when it is entered.
 */
public interface FirmwareSpace {
  /**
   * The tables. Their root carries the ASID.
   *
   * @return always the same
   */
  PageTables tables();

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
