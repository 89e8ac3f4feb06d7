// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.machine;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.List;

/**
 * One runtime driver as it was loaded into memory: the pages of its header, its code and its data,
 * in this order, all of them in a region of runtime services code.
 *
 * @param physicalStart where the header starts, a multiple of 4096
 * @param headerPages pages of the header, at least 1
 * @param codePages pages of code, at least 1
 * @param dataPages pages of data, at least 1
 */
public record FirmwareImage(long physicalStart, long headerPages, long codePages, long dataPages) {
  private static final int PAGE = AddressSpace.PAGE_BYTES;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if one of them is no range of pages
   */
  public FirmwareImage {
    PageRange header = new PageRange(physicalStart, headerPages);
    PageRange code = new PageRange(header.physicalStart() + header.sizeBytes(), codePages);
    new PageRange(code.physicalStart() + code.sizeBytes(), dataPages);
  }

  /**
   * The whole image.
   *
   * @return its pages
   */
  public PageRange range() {
    return new PageRange(physicalStart, headerPages + codePages + dataPages);
  }

  /**
   * Where its code starts.
   *
   * @return physical address
   */
  public long codeStart() {
    return physicalStart + headerPages * PAGE;
  }

  /**
   * Where its data starts.
   *
   * @return physical address
   */
  public long dataStart() {
    return codeStart() + codePages * PAGE;
  }

  /**
   * Where its data starts, seen from the image.
   *
   * @return offset in bytes
   */
  public long dataOffset() {
    return dataStart() - physicalStart;
  }

  /** What the memory attributes table says of it: only code can be executed, and not written. */
  List<EfiMemoryDescriptor> attributes() {
    long runtime = MemoryAttributes.RUNTIME;
    return List.of(
        new EfiMemoryDescriptor(
            MemoryType.RUNTIME_SERVICES_DATA,
            physicalStart,
            0,
            headerPages,
            runtime | MemoryAttributes.XP),
        new EfiMemoryDescriptor(
            MemoryType.RUNTIME_SERVICES_CODE,
            codeStart(),
            0,
            codePages,
            runtime | MemoryAttributes.RO),
        new EfiMemoryDescriptor(
            MemoryType.RUNTIME_SERVICES_DATA,
            dataStart(),
            0,
            dataPages,
            runtime | MemoryAttributes.XP));
  }
}
