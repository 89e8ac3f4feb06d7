// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory descriptors one behind the other, {@code DescriptorSize} bytes apart: what GetMemoryMap
 * returns and SetVirtualAddressMap takes. UEFI 2.10 sections 7.2.3 and 8.4.1.
 *
 * <p>Any thread may call; nothing blocks. Memory is accessed plainly: ordering between threads is
 * the caller's.
 */
public final class MemoryDescriptorArray {
  /**
   * The distance in bytes that EDK2 uses: more than a descriptor, so that nobody takes it for one.
   */
  public static final int DEFAULT_DESCRIPTOR_SIZE = 48;

  private static final int ALIGNMENT = Long.BYTES;

  private MemoryDescriptorArray() {}

  /**
   * Reads all descriptors. What they say is not checked; {@link io.efirts.api.map.MemoryMap} does.
   *
   * @param array the memory of the array, nothing else
   * @param descriptorSize distance between descriptors in bytes, at least 40, a multiple of 8
   * @param descriptorVersion version of the descriptors, 1
   * @return the descriptors in the order of the array, immutable
   * @throws IllegalArgumentException when size or version is another, or the memory does not end
   *     with a descriptor
   */
  public static List<EfiMemoryDescriptor> read(
      MemorySegment array, long descriptorSize, long descriptorVersion) {
    SpecChecks.requireGiven(array, "array");
    requireDescriptorSize(descriptorSize);
    if (descriptorVersion != EfiMemoryDescriptor.VERSION) {
      throw new IllegalArgumentException(
          "descriptorVersion must be 1: descriptorVersion=" + descriptorVersion);
    }
    if (array.byteSize() % descriptorSize != 0) {
      throw new IllegalArgumentException(
          "array must be a multiple of descriptorSize: size="
              + SpecChecks.hex(array.byteSize())
              + ", descriptorSize="
              + descriptorSize);
    }
    List<EfiMemoryDescriptor> descriptors = new ArrayList<>();
    for (long offset = 0; offset < array.byteSize(); offset += descriptorSize) {
      descriptors.add(EfiMemoryDescriptor.read(array, offset));
    }
    return List.copyOf(descriptors);
  }

  /**
   * Says how much memory an array takes.
   *
   * @param count how many descriptors, 0 or more
   * @param descriptorSize distance between descriptors in bytes, at least 40, a multiple of 8
   * @return the size in bytes
   * @throws IllegalArgumentException when one of them is not
   * @throws ArithmeticException when the size does not fit a {@code long}
   */
  public static long sizeBytes(int count, long descriptorSize) {
    SpecChecks.requireWithin(count, 0, Integer.MAX_VALUE, "count");
    requireDescriptorSize(descriptorSize);
    return Math.multiplyExact(descriptorSize, (long) count);
  }

  /**
   * Writes descriptors from the start of the memory on, what lies between them as 0. Memory behind
   * the array stays as it is.
   *
   * @param memory where to
   * @param descriptorSize distance between descriptors in bytes, at least 40, a multiple of 8
   * @param descriptors what to write
   * @throws IllegalArgumentException when the size is another
   * @throws IndexOutOfBoundsException when the array does not fit; nothing was written then
   */
  public static void write(
      MemorySegment memory, long descriptorSize, List<EfiMemoryDescriptor> descriptors) {
    SpecChecks.requireGiven(descriptors, "descriptors");
    long size = sizeBytes(descriptors.size(), descriptorSize);
    SpecChecks.requireRange(memory, 0, size, "the descriptors");
    memory.asSlice(0, size).fill((byte) 0);
    long offset = 0;
    for (EfiMemoryDescriptor descriptor : descriptors) {
      descriptor.write(memory, offset);
      offset += descriptorSize;
    }
  }

  static void requireDescriptorSize(long descriptorSize) {
    if (descriptorSize < EfiMemoryDescriptor.SIZE_BYTES || descriptorSize % ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "descriptorSize must be at least 40 and a multiple of 8: descriptorSize="
              + descriptorSize);
    }
  }
}
