// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * An {@code EFI_MEMORY_ATTRIBUTES_TABLE}: which pages of the runtime regions need not be writable
 * ({@link MemoryAttributes#RO}) or executable ({@link MemoryAttributes#XP}). 16 wire bytes: u32
 * Version, u32 NumberOfEntries, u32 DescriptorSize, u32 Flags; then the entries, {@code
 * DescriptorSize} bytes apart. UEFI 2.10 section 4.6.
 *
 * <p>What the entries say is kept as it came; {@link io.efirts.api.map.RuntimePermissions} checks
 * it. Immutable; every method may be called by any thread, none blocks.
 *
 * @param version 1 or 2
 * @param flags the flags, unsigned 32 bits; reserved in version 1
 * @param entries the entries in the order of the table
 */
public record EfiMemoryAttributesTable(int version, long flags, List<EfiMemoryDescriptor> entries) {
  /** The key of the table among the configuration tables. */
  public static final EfiGuid GUID = EfiGuid.of("dcfa911d-26eb-469f-a220-38b7dc461220");

  /** Size of what lies before the entries, in bytes. */
  public static final int HEADER_BYTES = 16;

  /** The latest version of this layout. */
  public static final int VERSION = 2;

  /**
   * Flag: all runtime code has landing pads for indirect branches (IBT, BTI), so that a processor
   * may demand them. Version 2.
   */
  public static final long RUNTIME_FORWARD_CONTROL_FLOW_GUARD = 0x1;

  private static final int VERSION_OFFSET = 0;
  private static final int NUMBER_OF_ENTRIES_OFFSET = 4;
  private static final int DESCRIPTOR_SIZE_OFFSET = 8;
  private static final int FLAGS_OFFSET = 12;
  private static final long MAX_FLAGS = 0xFFFF_FFFFL;

  /**
   * Copies the entries.
   *
   * @throws IllegalArgumentException when the version is another or the flags do not fit 32 bits
   */
  public EfiMemoryAttributesTable {
    SpecChecks.requireWithin(version, 1, VERSION, "version");
    SpecChecks.requireWithin(flags, 0, MAX_FLAGS, "flags");
    entries = List.copyOf(SpecChecks.requireGiven(entries, "entries"));
  }

  /**
   * Reads a table. Allocates no more than the memory can hold entries.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes, any alignment
   * @return the table
   * @throws IllegalArgumentException when the version is unknown, or the descriptor size below 40
   *     or no multiple of 8
   * @throws IndexOutOfBoundsException when the table is not all inside the memory
   */
  public static EfiMemoryAttributesTable read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, HEADER_BYTES, "an EFI_MEMORY_ATTRIBUTES_TABLE");
    long version = LittleEndian.getU32(memory, offset + VERSION_OFFSET);
    SpecChecks.requireWithin(version, 1, VERSION, "version");
    long descriptorSize = LittleEndian.getU32(memory, offset + DESCRIPTOR_SIZE_OFFSET);
    MemoryDescriptorArray.requireDescriptorSize(descriptorSize);
    long count = LittleEndian.getU32(memory, offset + NUMBER_OF_ENTRIES_OFFSET);
    long start = offset + HEADER_BYTES;
    // Compared by division: the product of two guest values may overflow.
    if (count > (memory.byteSize() - start) / descriptorSize) {
      throw new IndexOutOfBoundsException(
          "the entries must lie in the memory: numberOfEntries="
              + count
              + ", descriptorSize="
              + descriptorSize
              + ", room="
              + SpecChecks.hex(memory.byteSize() - start));
    }
    return new EfiMemoryAttributesTable(
        (int) version,
        LittleEndian.getU32(memory, offset + FLAGS_OFFSET),
        MemoryDescriptorArray.read(
            memory.asSlice(start, count * descriptorSize),
            descriptorSize,
            EfiMemoryDescriptor.VERSION));
  }

  /**
   * Says whether runtime code can run where indirect branches must land on marked targets.
   *
   * @return true when a table of version 2 has the flag
   */
  public boolean hasForwardControlFlowGuard() {
    return version >= 2 && (flags & RUNTIME_FORWARD_CONTROL_FLOW_GUARD) != 0;
  }
}
