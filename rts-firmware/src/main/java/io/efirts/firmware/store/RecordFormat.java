// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.EfiGuid;

/**
 * The two record headers EDK2 knows. A store has one of them, named by the GUID of its header.
 *
 * <pre>
 * offset  AUTHENTICATED            PLAIN
 *  0      u16 0x55AA, u8 state, u8 reserved (0)
 *  4      u32 attributes
 *  8      u64 monotonic count      u32 name size
 * 12                               u32 data size
 * 16      EFI_TIME time stamp      EFI_GUID vendor
 * 32      u32 public key index     name, then data
 * 36      u32 name size
 * 40      u32 data size
 * 44      EFI_GUID vendor
 * 60      name, then data
 * </pre>
 *
 * <p>The name ends with a NUL, its size counts bytes with the NUL. Records start at multiples of 4.
 */
public enum RecordFormat {
  /** With room for a time stamp; what OVMF and ArmVirt use in every build. */
  AUTHENTICATED("aaf32c78-947b-439a-a180-2e144ec37792", 60, 36, 40, 44),

  /** Without authentication. */
  PLAIN("ddcf3616-3275-4164-98b6-fe85707ffe7d", 32, 8, 12, 16);

  /** The first two bytes of a record, as a little-endian number. */
  static final int START_ID = 0x55AA;

  static final int ATTRIBUTES_OFFSET = 4;

  /** Where the fields that only authentication uses begin; they end at the name size. */
  static final int AUTHENTICATION_OFFSET = 8;

  private final EfiGuid storeGuid;
  private final int headerBytes;
  private final int nameSizeOffset;
  private final int dataSizeOffset;
  private final int guidOffset;

  RecordFormat(
      String storeGuid, int headerBytes, int nameSizeOffset, int dataSizeOffset, int guidOffset) {
    this.storeGuid = EfiGuid.of(storeGuid);
    this.headerBytes = headerBytes;
    this.nameSizeOffset = nameSizeOffset;
    this.dataSizeOffset = dataSizeOffset;
    this.guidOffset = guidOffset;
  }

  /**
   * What the header of a store with such records carries.
   *
   * @return the GUID
   */
  public EfiGuid storeGuid() {
    return storeGuid;
  }

  /**
   * Size of a record header.
   *
   * @return bytes
   */
  public int headerBytes() {
    return headerBytes;
  }

  int nameSizeOffset() {
    return nameSizeOffset;
  }

  int dataSizeOffset() {
    return dataSizeOffset;
  }

  int guidOffset() {
    return guidOffset;
  }

  /**
   * Room a record takes in a store.
   *
   * @param nameBytes size of the name with its NUL
   * @param dataBytes size of the data
   * @return bytes up to where the next record starts
   */
  public long recordBytes(long nameBytes, long dataBytes) {
    return (headerBytes + nameBytes + dataBytes + 3) & -4;
  }
}
