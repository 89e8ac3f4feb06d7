// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.MemoryMapBuilder;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;

/** Writes a memory map down from low to high addresses, region after region. */
final class MapWriter {
  private static final long RAM =
      MemoryAttributes.UC | MemoryAttributes.WC | MemoryAttributes.WT | MemoryAttributes.WB;

  private final MemoryMapBuilder map = new MemoryMapBuilder();
  private long at;

  /** The next region starts here. */
  MapWriter from(long physicalStart) {
    at = physicalStart;
    return this;
  }

  /** Ordinary memory up to an address. */
  MapWriter ram(int type, long physicalEnd) {
    return region(type, physicalEnd, RAM);
  }

  /** Memory the firmware needs at runtime, up to an address. */
  MapWriter runtime(int type, long physicalEnd) {
    return region(type, physicalEnd, RAM | MemoryAttributes.RUNTIME);
  }

  /** Memory nobody is to touch, up to an address. */
  MapWriter reserved(long physicalEnd) {
    return region(MemoryType.RESERVED_MEMORY_TYPE, physicalEnd, 0);
  }

  /** Registers the firmware needs at runtime. */
  MapWriter registers(PageRange range, long cacheability) {
    return from(range.physicalStart())
        .region(
            MemoryType.MEMORY_MAPPED_IO,
            range.physicalStart() + range.sizeBytes(),
            cacheability | MemoryAttributes.RUNTIME);
  }

  private MapWriter region(int type, long physicalEnd, long attributes) {
    long pages = (physicalEnd - at) / AddressSpace.PAGE_BYTES;
    map.add(new EfiMemoryDescriptor(type, at, 0, pages, attributes));
    at = physicalEnd;
    return this;
  }

  MemoryMap map() {
    return map.build();
  }
}
