// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.space;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.arm64.paging.Granule;
import java.util.List;
import java.util.Objects;

/**
 * A granule that cannot be mapped as each of its parts should be: only some of it was asked for, or
 * its parts differ. It has every permission that one of them has, and the weakest of their memory
 * types. Firmware whose regions are multiples of 64 KiB, as UEFI demands, has none but for
 * registers.
 *
 * @param physicalStart its first physical address
 * @param granule its size
 * @param attributes how it is mapped
 * @param parts what was to be mapped of it, in physical order, and how
 */
public record SharedGranule(
    long physicalStart, Granule granule, MappingAttributes attributes, List<MappedPages> parts) {
  /** Checks that all is given, and copies the list. */
  public SharedGranule {
    Objects.requireNonNull(granule, "granule");
    Objects.requireNonNull(attributes, "attributes");
    parts = List.copyOf(parts);
  }

  /**
   * How much of it is mapped although nobody has asked for it.
   *
   * @return bytes, less than the granule
   */
  public long foreignBytes() {
    long pages = parts.stream().mapToLong(MappedPages::pages).sum();
    return granule.bytes() - pages * AddressSpace.PAGE_BYTES;
  }

  /**
   * Whether firmware could run what it writes there, and only because of what lies side by side.
   *
   * @return true if the granule is writable and executable, and none of its parts should be
   */
  public boolean breaksWriteXorExecute() {
    return attributes.writable()
        && attributes.executable()
        && parts.stream().noneMatch(MappedPages::isWritableAndExecutable);
  }
}
