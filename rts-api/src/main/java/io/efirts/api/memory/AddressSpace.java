// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

/**
 * One set of translations from virtual to physical addresses.
 *
 * <p>Changing it is single-owner: one thread at a time, never while a call is inside the firmware
 * that uses it. {@link #translate} may be called by any thread that sees the last change.
 *
 * <p>Ranges are given in bytes and must be multiples of 4096 at both ends, or of the larger pages
 * of an address space that says so. A refused change leaves the address space as it was.
 */
public interface AddressSpace {
  /** Smallest unit of mapping, in bytes (UEFI's page size, on every architecture). */
  int PAGE_BYTES = 4096;

  /**
   * Maps a range that is not mapped yet.
   *
   * @param virtual first virtual address, a multiple of 4096
   * @param physical first physical address, a multiple of 4096
   * @param lengthBytes length, a positive multiple of 4096
   * @param attributes permissions and memory type
   * @return what remains to be flushed
   * @throws IllegalArgumentException if a bound is not aligned, the range wraps or leaves what this
   *     address space can express, or part of it is already mapped
   */
  FlushToken map(
      VirtualAddress virtual,
      PhysicalAddress physical,
      long lengthBytes,
      MappingAttributes attributes);

  /**
   * Removes a mapped range.
   *
   * @param virtual first virtual address, a multiple of 4096
   * @param lengthBytes length, a positive multiple of 4096
   * @return what remains to be flushed
   * @throws IllegalArgumentException if a bound is not aligned, the range wraps, or part of it is
   *     not mapped
   */
  FlushToken unmap(VirtualAddress virtual, long lengthBytes);

  /**
   * Changes permissions and memory type of a mapped range.
   *
   * @param virtual first virtual address, a multiple of 4096
   * @param lengthBytes length, a positive multiple of 4096
   * @param attributes the new permissions and memory type
   * @return what remains to be flushed
   * @throws IllegalArgumentException if a bound is not aligned, the range wraps, or part of it is
   *     not mapped
   */
  FlushToken protect(VirtualAddress virtual, long lengthBytes, MappingAttributes attributes);

  /**
   * Translates one address. Never blocks, never allocates, never throws.
   *
   * @param virtualAddress the address
   * @param access what is done with it
   * @return a physical address, or a fault as {@link Translation} encodes it
   */
  long translate(long virtualAddress, Access access);

  /**
   * The word a {@link io.efirts.api.spi.Vcpu} loads to activate this address space: CR3, TTBR0, or
   * any unique number where there is no processor.
   *
   * @return the root, constant for the life of the address space
   */
  long root();
}
