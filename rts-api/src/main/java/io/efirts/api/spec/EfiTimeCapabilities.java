// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;

/**
 * An {@code EFI_TIME_CAPABILITIES}: how good the clock is. 12 wire bytes: u32 Resolution, u32
 * Accuracy, BOOLEAN SetsToZero, 3 pad bytes. UEFI 2.10 section 8.3.1.
 *
 * <p>Immutable; every method may be called by any thread, none blocks, {@link #write} allocates
 * nothing.
 *
 * @param resolution counts per second (hertz), unsigned 32 bits; 1 for a PC clock
 * @param accuracy error rate in 1e-6 parts per million, unsigned 32 bits; 50,000,000 is 50 ppm
 * @param setsToZero true when setting the time clears what lies below the resolution
 */
public record EfiTimeCapabilities(long resolution, long accuracy, boolean setsToZero) {
  /** Size on the wire in bytes. */
  public static final int SIZE_BYTES = 12;

  static final int RESOLUTION_OFFSET = 0;
  static final int ACCURACY_OFFSET = 4;
  static final int SETS_TO_ZERO_OFFSET = 8;
  static final String STRUCTURE = "an EFI_TIME_CAPABILITIES";

  /**
   * Takes the fields as they are.
   *
   * @throws IllegalArgumentException when a value does not fit 32 bits unsigned
   */
  public EfiTimeCapabilities {
    SpecChecks.requireWithin(resolution, 0, 0xFFFF_FFFFL, "resolution");
    SpecChecks.requireWithin(accuracy, 0, 0xFFFF_FFFFL, "accuracy");
  }

  /**
   * Reads the 12 wire bytes. Any BOOLEAN other than 0 is true. Allocates the result; {@link
   * EfiTimeCapabilitiesHolder} reads without.
   *
   * @param memory the memory
   * @param offset where they start, in bytes, any alignment
   * @return the capabilities
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public static EfiTimeCapabilities read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    return new EfiTimeCapabilities(
        LittleEndian.getU32(memory, offset + RESOLUTION_OFFSET),
        LittleEndian.getU32(memory, offset + ACCURACY_OFFSET),
        LittleEndian.getU8(memory, offset + SETS_TO_ZERO_OFFSET) != 0);
  }

  /**
   * Writes the 12 wire bytes, the pad bytes as 0.
   *
   * @param memory the memory
   * @param offset where to start, in bytes, any alignment
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public void write(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    LittleEndian.put32(memory, offset + RESOLUTION_OFFSET, (int) resolution);
    LittleEndian.put32(memory, offset + ACCURACY_OFFSET, (int) accuracy);
    LittleEndian.put32(memory, offset + SETS_TO_ZERO_OFFSET, setsToZero ? 1 : 0);
  }
}
