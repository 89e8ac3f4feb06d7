// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;

/**
 * An {@code EFI_RT_PROPERTIES_TABLE}, 8 wire bytes: u16 Version, u16 Length, u32
 * RuntimeServicesSupported. It tells which services work after ExitBootServices and is a hint: a
 * service without its bit must still be callable and return UNSUPPORTED. Fields are kept as given.
 * UEFI 2.10 section 4.6.
 *
 * <p>Immutable; every method may be called by any thread, none blocks; only {@link #read} and
 * {@link #of} allocate.
 *
 * @param version version of the table, unsigned 16 bits
 * @param length length of the table in bytes, unsigned 16 bits
 * @param runtimeServicesSupported a mask of {@link RuntimeService#rtPropertiesBit()}
 */
public record RtProperties(int version, int length, int runtimeServicesSupported) {
  /** The key of the table among the configuration tables. */
  public static final EfiGuid GUID = EfiGuid.of("eb66918a-7eef-402a-842e-931d21c38ae9");

  /** Size on the wire in bytes. */
  public static final int SIZE_BYTES = 8;

  /** The version of this layout. */
  public static final int VERSION = 1;

  /** The mask with the bit of every service. */
  public static final int ALL_SERVICES = 0x3FFF;

  private static final int VERSION_OFFSET = 0;
  private static final int LENGTH_OFFSET = 2;
  private static final int MASK_OFFSET = 4;
  private static final String STRUCTURE = "an EFI_RT_PROPERTIES_TABLE";

  /**
   * Takes the fields as they are.
   *
   * @throws IllegalArgumentException when version or length does not fit 16 bits unsigned
   */
  public RtProperties {
    SpecChecks.requireWithin(version, 0, 0xFFFF, "version");
    SpecChecks.requireWithin(length, 0, 0xFFFF, "length");
  }

  /**
   * Builds a table of the present version.
   *
   * @param runtimeServicesSupported a mask of {@link RuntimeService#rtPropertiesBit()}
   * @return the table
   */
  public static RtProperties of(int runtimeServicesSupported) {
    return new RtProperties(VERSION, SIZE_BYTES, runtimeServicesSupported);
  }

  /**
   * Reads the 8 wire bytes.
   *
   * @param memory the memory
   * @param offset where they start, in bytes, any alignment
   * @return the table, to be asked {@link #isValid()} before use
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public static RtProperties read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    return new RtProperties(
        LittleEndian.getU16(memory, offset + VERSION_OFFSET),
        LittleEndian.getU16(memory, offset + LENGTH_OFFSET),
        LittleEndian.getI32(memory, offset + MASK_OFFSET));
  }

  /**
   * Writes the 8 wire bytes.
   *
   * @param memory the memory
   * @param offset where to start, in bytes, any alignment
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public void write(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    LittleEndian.put16(memory, offset + VERSION_OFFSET, version);
    LittleEndian.put16(memory, offset + LENGTH_OFFSET, length);
    LittleEndian.put32(memory, offset + MASK_OFFSET, runtimeServicesSupported);
  }

  /**
   * Says whether version and length are those of this layout.
   *
   * @return true when the mask may be trusted
   */
  public boolean isValid() {
    return version == VERSION && length == SIZE_BYTES;
  }

  /**
   * Says whether the mask has the bit of a service.
   *
   * @param service the service
   * @return true when the service works at runtime
   * @throws NullPointerException when the service is null
   */
  public boolean supports(RuntimeService service) {
    SpecChecks.requireGiven(service, "service");
    return (runtimeServicesSupported & service.rtPropertiesBit()) != 0;
  }
}
