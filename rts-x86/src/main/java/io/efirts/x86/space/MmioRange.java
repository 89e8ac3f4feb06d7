// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.x86.paging.PageTables;
import java.util.Objects;

/**
 * Device registers that firmware and host both use. Since neither has the other's mappings, each
 * needs its own: firmware's is made with its address space ({@link EfiAddressSpaceBuilder#mmio}),
 * the host's by {@link #mapInHost}. Both are uncached, writable and not executable.
 *
 * @param physicalStart physical address of the first page, a multiple of 4 KiB
 * @param pages how many pages of 4 KiB, at least 1
 */
public record MmioRange(long physicalStart, long pages) {
  private static final MappingAttributes REGISTERS =
      new MappingAttributes(true, false, CacheType.UNCACHED);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when the start is not aligned, there is no page, or they end
   *     beyond 52 bits
   */
  public MmioRange {
    Objects.requireNonNull(new MappedPages(physicalStart, pages, REGISTERS));
  }

  /**
   * The pages as both sides map them.
   *
   * @return the pages; in firmware's address space they lie at their physical address
   */
  public MappedPages mapping() {
    return new MappedPages(physicalStart, pages, REGISTERS);
  }

  /**
   * Maps the registers for the host. For the thread that may change its tables; allocates.
   *
   * @param host the host's own tables
   * @param at where, a multiple of 4 KiB of the host's choice
   * @return what remains to be flushed
   * @throws IllegalArgumentException if the tables refuse the range
   * @throws io.efirts.api.paging.OutOfFramesException if there is no frame for a table
   */
  public FlushToken mapInHost(PageTables host, VirtualAddress at) {
    MappedPages mapping = mapping();
    return host.map(
        at,
        new PhysicalAddress(physicalStart),
        mapping.physicalEnd() - physicalStart,
        mapping.attributes());
  }
}
