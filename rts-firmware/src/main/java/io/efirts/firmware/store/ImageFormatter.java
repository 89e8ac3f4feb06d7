// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spi.NvStorage;
import java.lang.foreign.MemorySegment;

/**
 * Turns an empty image into an empty variable store. Erases first, then writes the working block
 * and store headers, forces, and writes the volume header last: until that one is whole and
 * durable, the image is recognised as one whose formatting has to be done again.
 */
final class ImageFormatter {
  private static final int CHUNK_BYTES = 4096;

  private final NvLayout layout;
  private final MemorySegment volumeHeader;
  private final MemorySegment storeHeader;
  private final MemorySegment workingHeader;
  private final MemorySegment erased = MemorySegment.ofArray(new long[CHUNK_BYTES / Long.BYTES]);

  ImageFormatter(NvLayout layout) {
    this.layout = layout;
    this.volumeHeader = FvHeader.bytes(layout);
    this.storeHeader = StoreHeader.bytes(layout.storeBytes(), RecordFormat.AUTHENTICATED);
    this.workingHeader = WorkingBlock.headerBytes(layout);
    erased.fill((byte) 0xFF);
  }

  NvLayout layout() {
    return layout;
  }

  void format(NvStorage storage) {
    for (long offset = 0; offset < layout.fvLength(); offset += CHUNK_BYTES) {
      storage.write(offset, erased, 0, CHUNK_BYTES);
    }
    storage.write(layout.workingOffset(), workingHeader, 0, workingHeader.byteSize());
    storage.write(NvLayout.STORE_OFFSET, storeHeader, 0, storeHeader.byteSize());
    storage.force(0, layout.fvLength());
    storage.write(0, volumeHeader, 0, volumeHeader.byteSize());
    storage.force(0, volumeHeader.byteSize());
  }

  /** Whether formatting has come to its end. Allocates nothing. */
  boolean isFormatted(StoreBytes bytes) {
    long length = volumeHeader.byteSize();
    return MemorySegment.mismatch(bytes.reach(0, length), 0, length, volumeHeader, 0, length) == -1;
  }

  /**
   * Whether an image is empty, or its formatting was interrupted: every byte is 0x00, 0xFF or what
   * formatting puts there. No record can hide in that, since none starts with such bytes.
   */
  boolean isUnformatted(MemorySegment content) {
    long offset = 0;
    for (; content.byteSize() - offset >= Long.BYTES; offset += Long.BYTES) {
      long bytes = LittleEndian.getLong(content, offset);
      if (bytes != 0 && bytes != -1 && !isUnformatted(content, offset, offset + Long.BYTES)) {
        return false;
      }
    }
    return isUnformatted(content, offset, content.byteSize());
  }

  private boolean isUnformatted(MemorySegment content, long from, long to) {
    for (long offset = from; offset < to; offset++) {
      int found = LittleEndian.getU8(content, offset);
      if (found != 0
          && found != 0xFF
          && !isIn(found, offset, volumeHeader, 0)
          && !isIn(found, offset, storeHeader, NvLayout.STORE_OFFSET)
          && !isIn(found, offset, workingHeader, layout.workingOffset())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIn(int found, long offset, MemorySegment header, long start) {
    return offset >= start
        && offset < start + header.byteSize()
        && LittleEndian.getU8(header, offset - start) == found;
  }
}
