// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/**
 * An {@code EFI_GUID}, held as the two little-endian longs of its 16 wire bytes: u32, u16 and u16
 * little-endian, then 8 bytes as they are. UEFI 2.10 appendix A.
 *
 * <p>Immutable; every method may be called by any thread and none blocks. {@link #write} and {@link
 * #matches} allocate nothing.
 *
 * @param wireLow wire bytes 0 to 7 as a little-endian long
 * @param wireHigh wire bytes 8 to 15 as a little-endian long
 */
public record EfiGuid(long wireLow, long wireHigh) {
  /** Size on the wire in bytes. */
  public static final int SIZE_BYTES = 16;

  private static final int TEXT_LENGTH = 36;
  private static final int NODE_BYTES = 8;
  private static final String STRUCTURE = "an EFI_GUID";

  /**
   * Parses the RFC 9562 text form, in either letter case and nothing around it.
   *
   * @param text for example {@code 8be4df61-93ca-11d2-aa0d-00e098032b8c}
   * @return the GUID
   * @throws IllegalArgumentException when the text has another form; the message names the place
   * @throws NullPointerException when the text is null
   */
  public static EfiGuid of(String text) {
    SpecChecks.requireGiven(text, "guid");
    if (text.length() != TEXT_LENGTH) {
      throw new IllegalArgumentException(
          "guid must have 36 characters: guid=" + text + ", length=" + text.length());
    }
    for (int i = 0; i < TEXT_LENGTH; i++) {
      char c = text.charAt(i);
      boolean hyphenPlace = i == 8 || i == 13 || i == 18 || i == 23;
      if (hyphenPlace ? c != '-' : !HexFormat.isHexDigit(c)) {
        throw new IllegalArgumentException(
            "guid must have "
                + (hyphenPlace ? "a hyphen" : "a hex digit")
                + " at index "
                + i
                + ": guid="
                + text);
      }
    }
    long data1 = HexFormat.fromHexDigitsToLong(text, 0, 8);
    long data2 = HexFormat.fromHexDigitsToLong(text, 9, 13);
    long data3 = HexFormat.fromHexDigitsToLong(text, 14, 18);
    long clock = HexFormat.fromHexDigitsToLong(text, 19, 23);
    long node = HexFormat.fromHexDigitsToLong(text, 24, 36);
    return new EfiGuid(data1 | data2 << 32 | data3 << 48, Long.reverseBytes(clock << 48 | node));
  }

  /**
   * Builds a GUID from the fields in which C headers write it.
   *
   * @param data1 the first 32 bits
   * @param data2 16 bits, 0 to 0xffff
   * @param data3 16 bits, 0 to 0xffff
   * @param data4 the last 8 bytes, each 0 to 0xff
   * @return the GUID
   * @throws IllegalArgumentException when a field does not fit or {@code data4} has not 8 bytes
   */
  public static EfiGuid of(int data1, int data2, int data3, int... data4) {
    SpecChecks.requireWithin(data2, 0, 0xFFFF, "data2");
    SpecChecks.requireWithin(data3, 0, 0xFFFF, "data3");
    SpecChecks.requireGiven(data4, "data4");
    if (data4.length != NODE_BYTES) {
      throw new IllegalArgumentException("data4 must have 8 bytes: length=" + data4.length);
    }
    long high = 0;
    for (int i = 0; i < NODE_BYTES; i++) {
      SpecChecks.requireWithin(data4[i], 0, 0xFF, "data4[" + i + "]");
      high |= (long) data4[i] << 8 * i;
    }
    return new EfiGuid(
        Integer.toUnsignedLong(data1) | (long) data2 << 32 | (long) data3 << 48, high);
  }

  /**
   * Reads a GUID from memory. Allocates the result; {@link #matches} compares without.
   *
   * @param memory the memory
   * @param offset where the 16 wire bytes start, in bytes, any alignment
   * @return the GUID
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public static EfiGuid read(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    return new EfiGuid(
        LittleEndian.getI64(memory, offset), LittleEndian.getI64(memory, offset + 8));
  }

  /**
   * Writes the 16 wire bytes as two plain long stores.
   *
   * @param memory the memory
   * @param offset where to start, in bytes, any alignment
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public void write(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    LittleEndian.put64(memory, offset, wireLow);
    LittleEndian.put64(memory, offset + 8, wireHigh);
  }

  /**
   * Compares with the 16 wire bytes in memory.
   *
   * @param memory the memory
   * @param offset where the bytes start, any alignment
   * @return true when they are this GUID
   * @throws IndexOutOfBoundsException when the bytes are not all inside the memory
   */
  public boolean matches(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, SIZE_BYTES, STRUCTURE);
    return LittleEndian.getI64(memory, offset) == wireLow
        && LittleEndian.getI64(memory, offset + 8) == wireHigh;
  }

  /**
   * Returns the RFC 9562 text form in lower case.
   *
   * @return 36 characters, which {@link #of(String)} takes
   */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    long node = Long.reverseBytes(wireHigh);
    return hex.toHexDigits((int) wireLow)
        + "-"
        + hex.toHexDigits((short) (wireLow >>> 32))
        + "-"
        + hex.toHexDigits((short) (wireLow >>> 48))
        + "-"
        + hex.toHexDigits((short) (node >>> 48))
        + "-"
        + hex.toHexDigits(node, 12);
  }
}
