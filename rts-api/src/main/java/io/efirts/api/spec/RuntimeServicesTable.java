// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The layout of {@code EFI_RUNTIME_SERVICES}: a header of 24 bytes (u64 Signature, u32 Revision,
 * u32 HeaderSize, u32 CRC32, u32 Reserved), then one function pointer per {@link RuntimeService}.
 * UEFI 2.10 sections 4.2 and 4.5.
 *
 * <p>Every method may be called by any thread; none blocks. Reads and writes are plain: the caller
 * orders them. A revision is {@code major << 16 | minor * 10 + sub}.
 */
public final class RuntimeServicesTable {
  /** {@code RUNTSERV} as a little-endian long. */
  public static final long SIGNATURE = 0x5652_4553_544E_5552L;

  /** Revision 1.10, without the last three services. */
  public static final int REVISION_1_10 = 1 << 16 | 10;

  /** Revision 2.0, the first with all 14 services. */
  public static final int REVISION_2_0 = 2 << 16;

  /** Revision 2.7. */
  public static final int REVISION_2_7 = 2 << 16 | 70;

  /** Revision 2.10. */
  public static final int REVISION_2_10 = 2 << 16 | 100;

  /** Revision 2.11. */
  public static final int REVISION_2_11 = 2 << 16 | 110;

  /** Bytes of the header, before the first function pointer. */
  public static final int HEADER_SIZE_BYTES = 24;

  /** Bytes of the whole table of a 64-bit firmware. */
  public static final int SIZE_64_BYTES = 136;

  /** Bytes of the whole table of a 32-bit firmware. */
  public static final int SIZE_32_BYTES = 80;

  /** Offset of the 64-bit Signature. */
  public static final int SIGNATURE_OFFSET = 0;

  /** Offset of the 32-bit Revision. */
  public static final int REVISION_OFFSET = 8;

  /** Offset of the 32-bit HeaderSize, which counts the whole table. */
  public static final int HEADER_SIZE_OFFSET = 12;

  /** Offset of the 32-bit CRC32. */
  public static final int CRC32_OFFSET = 16;

  /** Offset of the 32-bit Reserved, always 0. */
  public static final int RESERVED_OFFSET = 20;

  private static final String STRUCTURE = "an EFI_RUNTIME_SERVICES";

  private RuntimeServicesTable() {}

  /**
   * Writes the header with CRC32 and Reserved as 0; {@link #updateCrc32} comes last, after the
   * pointers.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @param revision the revision word
   * @param sizeBytes HeaderSize, the size of the whole table, for example {@link #SIZE_64_BYTES}
   * @throws IllegalArgumentException when the size is below 24
   * @throws IndexOutOfBoundsException when the table is not all inside the memory
   */
  public static void writeHeader(MemorySegment memory, long offset, int revision, int sizeBytes) {
    SpecChecks.requireWithin(sizeBytes, HEADER_SIZE_BYTES, Integer.MAX_VALUE, "sizeBytes");
    SpecChecks.requireRange(memory, offset, sizeBytes, STRUCTURE);
    LittleEndian.put64(memory, offset + SIGNATURE_OFFSET, SIGNATURE);
    LittleEndian.put32(memory, offset + REVISION_OFFSET, revision);
    LittleEndian.put32(memory, offset + HEADER_SIZE_OFFSET, sizeBytes);
    LittleEndian.put32(memory, offset + CRC32_OFFSET, 0);
    LittleEndian.put32(memory, offset + RESERVED_OFFSET, 0);
  }

  /**
   * Computes the CRC32 (IEEE 802.3) of HeaderSize bytes, the CRC32 field itself taken as 0.
   * Allocates.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @return the checksum
   * @throws IllegalArgumentException when HeaderSize is below 24
   * @throws IndexOutOfBoundsException when HeaderSize leads out of the memory
   */
  public static int computeCrc32(MemorySegment memory, long offset) {
    SpecChecks.requireRange(memory, offset, HEADER_SIZE_BYTES, STRUCTURE);
    long sizeBytes = LittleEndian.getU32(memory, offset + HEADER_SIZE_OFFSET);
    SpecChecks.requireWithin(sizeBytes, HEADER_SIZE_BYTES, 0xFFFF_FFFFL, "headerSize");
    SpecChecks.requireRange(memory, offset, sizeBytes, STRUCTURE);
    CRC32 crc = new CRC32();
    // Byte by byte: not every kind of segment can be seen as a ByteBuffer.
    for (long i = 0; i < sizeBytes; i++) {
      boolean inCrcField = i >= CRC32_OFFSET && i < CRC32_OFFSET + Integer.BYTES;
      crc.update(inCrcField ? 0 : LittleEndian.getU8(memory, offset + i));
    }
    return (int) crc.getValue();
  }

  /**
   * Stores what {@link #computeCrc32} returns. Allocates.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @throws IllegalArgumentException when HeaderSize is below 24
   * @throws IndexOutOfBoundsException when HeaderSize leads out of the memory
   */
  public static void updateCrc32(MemorySegment memory, long offset) {
    LittleEndian.put32(memory, offset + CRC32_OFFSET, computeCrc32(memory, offset));
  }

  /**
   * Checks the table of a 64-bit firmware: signature, a size that holds every service of its
   * revision, checksum, reserved word. Reads foreign memory and never throws for what it finds
   * there. Allocates.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @return empty for a sound table, otherwise the first broken rule with the values found
   * @throws NullPointerException when the memory is null
   */
  public static Optional<String> verify64(MemorySegment memory, long offset) {
    return verify(memory, offset, Long.BYTES);
  }

  /**
   * Checks the table of a 32-bit firmware as {@link #verify64} does.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @return empty for a sound table, otherwise the first broken rule with the values found
   * @throws NullPointerException when the memory is null
   */
  public static Optional<String> verify32(MemorySegment memory, long offset) {
    return verify(memory, offset, Integer.BYTES);
  }

  private static Optional<String> verify(MemorySegment memory, long offset, int pointerBytes) {
    SpecChecks.requireGiven(memory, "memory");
    if (offset < 0 || offset > memory.byteSize() - HEADER_SIZE_BYTES) {
      return broken("offset must leave room for the header", "offset", offset);
    }
    long signature = LittleEndian.getI64(memory, offset + SIGNATURE_OFFSET);
    if (signature != SIGNATURE) {
      return broken("signature must be " + SpecChecks.hex(SIGNATURE), "signature", signature);
    }
    int revision = LittleEndian.getI32(memory, offset + REVISION_OFFSET);
    long headerSize = LittleEndian.getU32(memory, offset + HEADER_SIZE_OFFSET);
    long least = HEADER_SIZE_BYTES + (long) servicesIn(revision) * pointerBytes;
    long most = memory.byteSize() - offset;
    if (headerSize < least || headerSize > most) {
      return broken(
          "headerSize must be " + SpecChecks.hex(least) + " to " + SpecChecks.hex(most),
          "headerSize",
          headerSize);
    }
    int stored = LittleEndian.getI32(memory, offset + CRC32_OFFSET);
    int computed = computeCrc32(memory, offset);
    if (stored != computed) {
      return broken(
          "crc32 must be " + SpecChecks.hex(Integer.toUnsignedLong(computed)),
          "crc32",
          Integer.toUnsignedLong(stored));
    }
    long reserved = LittleEndian.getU32(memory, offset + RESERVED_OFFSET);
    return reserved == 0 ? Optional.empty() : broken("reserved must be 0", "reserved", reserved);
  }

  private static Optional<String> broken(String rule, String name, long value) {
    return Optional.of(rule + ": " + name + "=" + SpecChecks.hex(value));
  }

  private static int servicesIn(int revision) {
    int count = 0;
    while (count < RuntimeService.COUNT && RuntimeService.of(count).existsIn(revision)) {
      count++;
    }
    return count;
  }

  /**
   * Reads a function pointer of a 64-bit table; see {@link RuntimeService#existsIn}.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @param service the service
   * @return the address, 0 when firmware left the entry empty
   * @throws IndexOutOfBoundsException when the pointer is not inside the memory
   */
  public static long readFunctionPointer64(
      MemorySegment memory, long offset, RuntimeService service) {
    SpecChecks.requireGiven(service, "service");
    SpecChecks.requireRange(memory, offset, service.offset64() + Long.BYTES, STRUCTURE);
    return LittleEndian.getI64(memory, offset + service.offset64());
  }

  /**
   * Reads a function pointer of a 32-bit table; see {@link RuntimeService#existsIn}.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @param service the service
   * @return the address with zeros above, 0 when firmware left the entry empty
   * @throws IndexOutOfBoundsException when the pointer is not inside the memory
   */
  public static long readFunctionPointer32(
      MemorySegment memory, long offset, RuntimeService service) {
    SpecChecks.requireGiven(service, "service");
    SpecChecks.requireRange(memory, offset, service.offset32() + Integer.BYTES, STRUCTURE);
    return LittleEndian.getU32(memory, offset + service.offset32());
  }

  /**
   * Writes a function pointer of a 64-bit table; the CRC32 is out of date afterwards.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @param service the service
   * @param address the address
   * @throws IndexOutOfBoundsException when the pointer is not inside the memory
   */
  public static void writeFunctionPointer64(
      MemorySegment memory, long offset, RuntimeService service, long address) {
    SpecChecks.requireGiven(service, "service");
    SpecChecks.requireRange(memory, offset, service.offset64() + Long.BYTES, STRUCTURE);
    LittleEndian.put64(memory, offset + service.offset64(), address);
  }

  /**
   * Writes a function pointer of a 32-bit table; the CRC32 is out of date afterwards.
   *
   * @param memory the memory
   * @param offset where the table starts, in bytes
   * @param service the service
   * @param address the address, below 4 GiB
   * @throws IllegalArgumentException when the address does not fit 32 bits
   * @throws IndexOutOfBoundsException when the pointer is not inside the memory
   */
  public static void writeFunctionPointer32(
      MemorySegment memory, long offset, RuntimeService service, long address) {
    SpecChecks.requireGiven(service, "service");
    if (address >>> Integer.SIZE != 0) {
      throw new IllegalArgumentException(
          "address must be below 0x100000000: address=" + SpecChecks.hex(address));
    }
    SpecChecks.requireRange(memory, offset, service.offset32() + Integer.BYTES, STRUCTURE);
    LittleEndian.put32(memory, offset + service.offset32(), (int) address);
  }
}
