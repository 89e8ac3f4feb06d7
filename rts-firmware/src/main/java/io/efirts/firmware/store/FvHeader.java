// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.EfiGuid;
import java.lang.foreign.MemorySegment;

/**
 * The firmware volume header in front of the variable store, 0x48 bytes: 16 zero bytes, GUID, u64
 * volume length, "_FVH", u32 attributes, u16 header length, u16 checksum, u16 extended header, u8
 * reserved, u8 revision, then the block map: pairs of u32 count and u32 length, ended by zeros.
 */
final class FvHeader {
  private static final EfiGuid SYSTEM_NV_DATA = EfiGuid.of("fff12b8d-7696-4c8b-a985-2747075b4f50");
  private static final int GUID_OFFSET = 0x10;
  private static final int LENGTH_OFFSET = 0x20;
  private static final int SIGNATURE_OFFSET = 0x28;
  private static final int ATTRIBUTES_OFFSET = 0x2C;
  private static final int HEADER_LENGTH_OFFSET = 0x30;
  private static final int CHECKSUM_OFFSET = 0x32;
  private static final int REVISION_OFFSET = 0x37;
  private static final int BLOCK_MAP_OFFSET = 0x38;
  private static final int BLOCK_MAP_END_OFFSET = 0x40;
  private static final int SIGNATURE = 0x4856465F;
  private static final int ATTRIBUTES = 0x0004_FEFF;
  private static final int REVISION = 2;

  private FvHeader() {}

  /**
   * The layout the header names.
   *
   * @return the layout, or null if there is no such header or no such layout
   */
  static NvLayout layoutOf(MemorySegment content) {
    return LittleEndian.getInt(content, SIGNATURE_OFFSET) == SIGNATURE
        ? NvLayout.ofVolume(LittleEndian.getLong(content, LENGTH_OFFSET))
        : null;
  }

  /** Checks every field that has a meaning. */
  static void validate(MemorySegment content, long offset, NvLayout layout)
      throws NvImageException {
    requireEqual(
        "volume must have its signature _FVH",
        offset + SIGNATURE_OFFSET,
        LittleEndian.getU32(content, offset + SIGNATURE_OFFSET),
        SIGNATURE);
    requireEqual(
        "volume header length must be the known one",
        offset + HEADER_LENGTH_OFFSET,
        LittleEndian.getU16(content, offset + HEADER_LENGTH_OFFSET),
        NvLayout.STORE_OFFSET);
    requireEqual(
        "volume header must sum up to zero", offset + CHECKSUM_OFFSET, sum(content, offset), 0);
    requireEqual("zero vector must be zero", offset, LittleEndian.getLong(content, offset), 0);
    requireEqual(
        "zero vector must be zero",
        offset + Long.BYTES,
        LittleEndian.getLong(content, offset + Long.BYTES),
        0);
    if (!SYSTEM_NV_DATA.matches(content, offset + GUID_OFFSET)) {
      throw new NvImageException(
          "volume GUID must be the one of variable stores: at=0x"
              + Long.toHexString(offset + GUID_OFFSET)
              + ", found="
              + EfiGuid.read(content, offset + GUID_OFFSET)
              + ", expected="
              + SYSTEM_NV_DATA);
    }
    requireEqual(
        "volume length must be the layout's",
        offset + LENGTH_OFFSET,
        LittleEndian.getLong(content, offset + LENGTH_OFFSET),
        layout.fvLength());
    requireEqual(
        "volume header revision must be the known one",
        offset + REVISION_OFFSET,
        LittleEndian.getU8(content, offset + REVISION_OFFSET),
        REVISION);
    validateBlockMap(content, offset + BLOCK_MAP_OFFSET, layout);
  }

  // A header made by the ArmVirt driver counts the blocks of the whole flash, not of the volume.
  private static void validateBlockMap(MemorySegment content, long offset, NvLayout layout)
      throws NvImageException {
    long blocks = LittleEndian.getU32(content, offset);
    long blockBytes = LittleEndian.getU32(content, offset + Integer.BYTES);
    if (blockBytes != layout.blockBytes() || blocks < layout.fvLength() / layout.blockBytes()) {
      throw NvImageException.at(
          "block map must cover the volume",
          offset,
          blocks,
          layout.fvLength() / layout.blockBytes());
    }
    requireEqual(
        "block map must have one entry",
        offset + Long.BYTES,
        LittleEndian.getLong(content, offset + Long.BYTES),
        0);
  }

  private static void requireEqual(String rule, long offset, long found, long expected)
      throws NvImageException {
    if (found != expected) {
      throw NvImageException.at(rule, offset, found, expected);
    }
  }

  private static int sum(MemorySegment content, long offset) {
    int sum = 0;
    for (int i = 0; i < NvLayout.STORE_OFFSET; i += Short.BYTES) {
      sum += LittleEndian.getU16(content, offset + i);
    }
    return sum & 0xFFFF;
  }

  /** The header's bytes, as the build of the firmware puts them into its template. */
  static MemorySegment bytes(NvLayout layout) {
    MemorySegment header = MemorySegment.ofArray(new byte[NvLayout.STORE_OFFSET]);
    SYSTEM_NV_DATA.write(header, GUID_OFFSET);
    LittleEndian.putLong(header, LENGTH_OFFSET, layout.fvLength());
    LittleEndian.putInt(header, SIGNATURE_OFFSET, SIGNATURE);
    LittleEndian.putInt(header, ATTRIBUTES_OFFSET, ATTRIBUTES);
    LittleEndian.put16(header, HEADER_LENGTH_OFFSET, NvLayout.STORE_OFFSET);
    LittleEndian.put8(header, REVISION_OFFSET, REVISION);
    LittleEndian.putInt(header, BLOCK_MAP_OFFSET, layout.fvLength() / layout.blockBytes());
    LittleEndian.putInt(header, BLOCK_MAP_OFFSET + Integer.BYTES, layout.blockBytes());
    LittleEndian.putLong(header, BLOCK_MAP_END_OFFSET, 0);
    LittleEndian.put16(header, CHECKSUM_OFFSET, -sum(header, 0));
    return header;
  }
}
