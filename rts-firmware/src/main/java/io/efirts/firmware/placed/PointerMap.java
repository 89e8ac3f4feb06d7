// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;

/**
 * The runtime regions that SetVirtualAddressMap was told, and where they are from now on. Copied
 * out of the caller's memory once. Not validated, as EDK2 does not: of two regions that hold an
 * address the first counts, and where none does, the address stays.
 */
final class PointerMap {
  private final long[] physicalStart;
  private final long[] virtualStart;
  private final long[] pages;
  private int count;

  /** For so many descriptors at most. */
  PointerMap(int maximum) {
    this.physicalStart = new long[maximum];
    this.virtualStart = new long[maximum];
    this.pages = new long[maximum];
  }

  /** Copies those descriptors that have the RUNTIME attribute. */
  void load(AddressSpaceView memory, long array, long descriptorSize, int descriptors) {
    count = 0;
    for (int i = 0; i < descriptors; i++) {
      long descriptor = array + i * descriptorSize;
      long attribute = memory.getLong(descriptor + EfiMemoryDescriptor.ATTRIBUTE_OFFSET);
      if ((attribute & MemoryAttributes.RUNTIME) != 0) {
        physicalStart[count] =
            memory.getLong(descriptor + EfiMemoryDescriptor.PHYSICAL_START_OFFSET);
        virtualStart[count] = memory.getLong(descriptor + EfiMemoryDescriptor.VIRTUAL_START_OFFSET);
        pages[count] = memory.getLong(descriptor + EfiMemoryDescriptor.NUMBER_OF_PAGES_OFFSET);
        count++;
      }
    }
  }

  /** Where an address is from now on. */
  long converted(long address) {
    for (int i = 0; i < count; i++) {
      long offset = address - physicalStart[i];
      // Pages are compared, not bytes: their product may not fit.
      if (Long.compareUnsigned(address, physicalStart[i]) >= 0
          && Long.compareUnsigned(
                  Long.divideUnsigned(offset, EfiMemoryDescriptor.PAGE_SIZE_BYTES), pages[i])
              < 0) {
        return offset + virtualStart[i];
      }
    }
    return address;
  }

  /** Forgets what it was told. */
  void clear() {
    count = 0;
  }
}
