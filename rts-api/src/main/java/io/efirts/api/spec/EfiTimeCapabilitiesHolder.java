// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;

/**
 * A mutable {@code EFI_TIME_CAPABILITIES} that the caller of {@code GetTime} owns, so that repeated
 * calls allocate nothing.
 *
 * <p>Not safe for use by several threads at once. Nothing blocks; only {@link
 * #toEfiTimeCapabilities()} allocates. All fields are 0 before the first {@link #read}.
 */
public final class EfiTimeCapabilitiesHolder {
  private long resolution;
  private long accuracy;
  private boolean setsToZero;

  /** Creates a holder with all fields 0. */
  public EfiTimeCapabilitiesHolder() {}

  /**
   * Replaces every field by those of 12 wire bytes.
   *
   * @param memory the memory
   * @param offset where they start, in bytes, any alignment
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory; nothing is
   *     replaced
   */
  public void read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(
        memory, offset, EfiTimeCapabilities.SIZE_BYTES, EfiTimeCapabilities.STRUCTURE);
    resolution = LittleEndian.getU32(memory, offset + EfiTimeCapabilities.RESOLUTION_OFFSET);
    accuracy = LittleEndian.getU32(memory, offset + EfiTimeCapabilities.ACCURACY_OFFSET);
    setsToZero = LittleEndian.getU8(memory, offset + EfiTimeCapabilities.SETS_TO_ZERO_OFFSET) != 0;
  }

  /**
   * Returns the resolution.
   *
   * @return counts per second, unsigned 32 bits
   */
  public long resolution() {
    return resolution;
  }

  /**
   * Returns the accuracy.
   *
   * @return error rate in 1e-6 parts per million, unsigned 32 bits
   */
  public long accuracy() {
    return accuracy;
  }

  /**
   * Says whether setting the time clears what lies below the resolution.
   *
   * @return true when it does
   */
  public boolean setsToZero() {
    return setsToZero;
  }

  /**
   * Copies the fields into an immutable value.
   *
   * @return a fresh value
   */
  public EfiTimeCapabilities toEfiTimeCapabilities() {
    return new EfiTimeCapabilities(resolution, accuracy, setsToZero);
  }

  @Override
  public String toString() {
    return toEfiTimeCapabilities().toString();
  }
}
