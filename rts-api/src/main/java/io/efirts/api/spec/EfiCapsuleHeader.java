// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;

/**
 * An {@code EFI_CAPSULE_HEADER}, 28 wire bytes: EFI_GUID CapsuleGuid, u32 HeaderSize, u32 Flags,
 * u32 CapsuleImageSize. Fields are kept as given. UEFI 2.10 section 8.5.3.
 *
 * <p>Immutable; every method may be called by any thread, none blocks, {@link #write} allocates
 * nothing.
 *
 * @param capsuleGuid the kind of capsule
 * @param headerSize bytes from the start of this header to the capsule's content, unsigned 32 bits
 * @param flags bits 15 to 0 belong to the GUID, the others are the {@code CAPSULE_FLAGS_*} below
 * @param capsuleImageSize bytes of the whole capsule, header included, unsigned 32 bits
 */
public record EfiCapsuleHeader(
    EfiGuid capsuleGuid, long headerSize, int flags, long capsuleImageSize) {

  /** Size of the fixed part on the wire in bytes. */
  public static final int SIZE_BYTES = 28;

  /** The flags whose meaning the capsule GUID defines. */
  public static final int GUID_DEFINED_FLAGS = 0x0000_FFFF;

  /** Firmware processes the capsule after a reset. */
  public static final int PERSIST_ACROSS_RESET = 0x0001_0000;

  /** Firmware puts the capsule into the system table after a reset; needs the persist flag. */
  public static final int POPULATE_SYSTEM_TABLE = 0x0002_0000;

  /** Firmware resets during {@code UpdateCapsule}; needs the persist flag. */
  public static final int INITIATE_RESET = 0x0004_0000;

  private static final int HEADER_SIZE_OFFSET = 16;
  private static final int FLAGS_OFFSET = 20;
  private static final int CAPSULE_IMAGE_SIZE_OFFSET = 24;
  private static final String STRUCTURE = "an EFI_CAPSULE_HEADER";

  /**
   * Takes the fields as they are.
   *
   * @throws IllegalArgumentException when a size does not fit 32 bits unsigned
   * @throws NullPointerException when the GUID is null
   */
  public EfiCapsuleHeader {
    SpecChecks.requireGiven(capsuleGuid, "capsuleGuid");
    SpecChecks.requireWithin(headerSize, 0, 0xFFFF_FFFFL, "headerSize");
    SpecChecks.requireWithin(capsuleImageSize, 0, 0xFFFF_FFFFL, "capsuleImageSize");
  }

  /**
   * Reads the 28 wire bytes. Allocates the result.
   *
   * @param memory the memory
   * @param offset where they start, in bytes, any alignment
   * @return the header
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public static EfiCapsuleHeader read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    return new EfiCapsuleHeader(
        EfiGuid.read(memory, offset),
        LittleEndian.getU32(memory, offset + HEADER_SIZE_OFFSET),
        LittleEndian.getI32(memory, offset + FLAGS_OFFSET),
        LittleEndian.getU32(memory, offset + CAPSULE_IMAGE_SIZE_OFFSET));
  }

  /**
   * Writes the 28 wire bytes.
   *
   * @param memory the memory
   * @param offset where to start, in bytes, any alignment
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public void write(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    capsuleGuid.write(memory, offset);
    LittleEndian.put32(memory, offset + HEADER_SIZE_OFFSET, (int) headerSize);
    LittleEndian.put32(memory, offset + FLAGS_OFFSET, flags);
    LittleEndian.put32(memory, offset + CAPSULE_IMAGE_SIZE_OFFSET, (int) capsuleImageSize);
  }

  /**
   * Says whether the flags may stand together.
   *
   * @return false when populate or initiate is set without persist
   */
  public boolean hasLegalFlags() {
    boolean needsPersist = (flags & (POPULATE_SYSTEM_TABLE | INITIATE_RESET)) != 0;
    return !needsPersist || (flags & PERSIST_ACROSS_RESET) != 0;
  }
}
