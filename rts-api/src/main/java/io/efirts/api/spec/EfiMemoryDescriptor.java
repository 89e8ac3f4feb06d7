// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;

/**
 * An {@code EFI_MEMORY_DESCRIPTOR} of version 1, 40 wire bytes: u32 Type, 4 pad bytes, u64
 * PhysicalStart, u64 VirtualStart, u64 NumberOfPages, u64 Attribute. UEFI 2.10 section 7.2.3.
 *
 * <p>In a map the entries lie {@code DescriptorSize} bytes apart, which firmware chooses and which
 * is often 48; always step by it. Immutable; every method may be called by any thread, none blocks,
 * the {@code write} methods allocate nothing.
 *
 * @param type the use, see {@link MemoryType}
 * @param physicalStart physical address of the first byte, a multiple of 4 KiB
 * @param virtualStart virtual address of the first byte, a multiple of 4 KiB
 * @param numberOfPages length in pages of 4 KiB, unsigned
 * @param attribute a mask of {@link MemoryAttributes}
 */
public record EfiMemoryDescriptor(
    int type, long physicalStart, long virtualStart, long numberOfPages, long attribute) {

  /** Size of version 1 on the wire in bytes, the least a {@code DescriptorSize} may be. */
  public static final int SIZE_BYTES = 40;

  /** The {@code DescriptorVersion} of this layout. */
  public static final int VERSION = 1;

  /** Bytes in a page of {@link #numberOfPages}. */
  public static final int PAGE_SIZE_BYTES = 4096;

  /** Offset of the 32-bit Type. */
  public static final int TYPE_OFFSET = 0;

  /** Offset of the 64-bit PhysicalStart. */
  public static final int PHYSICAL_START_OFFSET = 8;

  /** Offset of the 64-bit VirtualStart. */
  public static final int VIRTUAL_START_OFFSET = 16;

  /** Offset of the 64-bit NumberOfPages. */
  public static final int NUMBER_OF_PAGES_OFFSET = 24;

  /** Offset of the 64-bit Attribute. */
  public static final int ATTRIBUTE_OFFSET = 32;

  private static final int PAD_OFFSET = 4;
  private static final String STRUCTURE = "an EFI_MEMORY_DESCRIPTOR";

  /**
   * Reads one descriptor. Allocates the result.
   *
   * @param memory the memory
   * @param offset where it starts, in bytes, any alignment
   * @return the descriptor
   * @throws IndexOutOfBoundsException when the 40 bytes are not all inside the memory
   */
  public static EfiMemoryDescriptor read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    return new EfiMemoryDescriptor(
        LittleEndian.getI32(memory, offset + TYPE_OFFSET),
        LittleEndian.getI64(memory, offset + PHYSICAL_START_OFFSET),
        LittleEndian.getI64(memory, offset + VIRTUAL_START_OFFSET),
        LittleEndian.getI64(memory, offset + NUMBER_OF_PAGES_OFFSET),
        LittleEndian.getI64(memory, offset + ATTRIBUTE_OFFSET));
  }

  /**
   * Reads one descriptor of a map that starts at offset 0. Allocates the result.
   *
   * @param map the memory of the map
   * @param descriptorSize distance between entries in bytes, at least 40
   * @param index which entry, from 0
   * @return the descriptor
   * @throws IllegalArgumentException when the descriptor size is below 40
   * @throws IndexOutOfBoundsException when the entry is not inside the memory
   */
  public static EfiMemoryDescriptor readEntry(MemorySegment map, long descriptorSize, long index) {
    return read(map, offsetOf(map, descriptorSize, index));
  }

  /**
   * Writes the 40 wire bytes, the pad bytes as 0.
   *
   * @param memory the memory
   * @param offset where to start, in bytes, any alignment
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public void write(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    LittleEndian.put32(memory, offset + TYPE_OFFSET, type);
    LittleEndian.put32(memory, offset + PAD_OFFSET, 0);
    LittleEndian.put64(memory, offset + PHYSICAL_START_OFFSET, physicalStart);
    LittleEndian.put64(memory, offset + VIRTUAL_START_OFFSET, virtualStart);
    LittleEndian.put64(memory, offset + NUMBER_OF_PAGES_OFFSET, numberOfPages);
    LittleEndian.put64(memory, offset + ATTRIBUTE_OFFSET, attribute);
  }

  /**
   * Writes one entry of a map that starts at offset 0; what lies behind its 40 bytes stays.
   *
   * @param map the memory of the map
   * @param descriptorSize distance between entries in bytes, at least 40
   * @param index which entry, from 0
   * @throws IllegalArgumentException when the descriptor size is below 40
   * @throws IndexOutOfBoundsException when the entry is not inside the memory
   */
  public void writeEntry(MemorySegment map, long descriptorSize, long index) {
    write(map, offsetOf(map, descriptorSize, index));
  }

  private static long offsetOf(MemorySegment map, long descriptorSize, long index) {
    SpecChecks.requireGiven(map, "map");
    if (descriptorSize < SIZE_BYTES) {
      throw new IllegalArgumentException(
          "descriptorSize must be at least 40: descriptorSize=" + descriptorSize);
    }
    // Compared by division: the product of two guest values may overflow.
    if (index < 0 || index > map.byteSize() / descriptorSize) {
      throw new IndexOutOfBoundsException(
          "index must name an entry of the map: index="
              + index
              + ", descriptorSize="
              + descriptorSize
              + ", limit="
              + SpecChecks.hex(map.byteSize()));
    }
    return index * descriptorSize;
  }

  /**
   * Says whether runtime services need this range mapped.
   *
   * @return true when {@link MemoryAttributes#RUNTIME} is set
   */
  public boolean isRuntime() {
    return (attribute & MemoryAttributes.RUNTIME) != 0;
  }

  /**
   * Returns the entry in words, addresses in hex.
   *
   * @return for example {@code EfiRuntimeServicesCode physicalStart=0x1000 virtualStart=0x0
   *     numberOfPages=2 attribute=WB|RUNTIME}
   */
  @Override
  public String toString() {
    return MemoryType.nameOf(type)
        + " physicalStart="
        + SpecChecks.hex(physicalStart)
        + " virtualStart="
        + SpecChecks.hex(virtualStart)
        + " numberOfPages="
        + Long.toUnsignedString(numberOfPages)
        + " attribute="
        + MemoryAttributes.describe(attribute);
  }
}
