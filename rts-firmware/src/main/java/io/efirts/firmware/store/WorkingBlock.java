// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.EfiGuid;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;

/**
 * EDK2's fault-tolerant-write log: a 32-byte header, then for each write a 40-byte write header and
 * its 40-byte records. Flag bits are done when 0.
 *
 * <p>It matters to a reader because EDK2 rewrites the whole store when it reclaims: it copies the
 * new content to the spare area, marks the spare complete, then erases and writes the target.
 * Between the two marks only the spare area holds the store.
 */
final class WorkingBlock {
  private static final EfiGuid SIGNATURE = EfiGuid.of("9e58292b-7c68-497d-a0ce-6500fd9f1b95");
  private static final int CRC_OFFSET = 16;
  private static final int FLAGS_OFFSET = 20;
  private static final int QUEUE_SIZE_OFFSET = 24;
  static final int HEADER_BYTES = 32;
  private static final int VALID_FLAGS = 0xFFFF_FFFE;

  private static final int WRITE_HEADER_BYTES = 40;
  private static final int WRITE_COUNT_OFFSET = 24;
  private static final int PRIVATE_BYTES_OFFSET = 32;
  private static final int HEADER_ALLOCATED = 1;
  private static final int WRITES_ALLOCATED = 2;
  private static final int WRITE_COMPLETE = 4;

  private static final int RECORD_BYTES = 40;
  private static final int RELATIVE_OFFSET = 32;
  private static final int SPARE_COMPLETE = 2;
  private static final int DESTINATION_COMPLETE = 4;

  /** What the log says about the variable area. */
  enum Finding {
    /** No write is under way. */
    QUIET,
    /** The variable area is in the spare area and has to be copied back. */
    STORE_IN_SPARE,
    /** The log is not one we understand. */
    UNKNOWN
  }

  private WorkingBlock() {}

  static Finding examine(MemorySegment content, NvLayout layout) {
    long start = layout.workingOffset();
    if (MemorySegment.mismatch(
            content, start, start + HEADER_BYTES, headerBytes(layout), 0, HEADER_BYTES)
        != -1) {
      // The firmware makes a new log where there is none.
      return RecordWalk.isErased(StoreBytes.of(content), start, start + layout.workingBytes())
          ? Finding.QUIET
          : Finding.UNKNOWN;
    }
    return lastWrite(content, start + HEADER_BYTES, start + layout.workingBytes(), layout);
  }

  private static Finding lastWrite(MemorySegment content, long from, long end, NvLayout layout) {
    long write = from;
    while (end - write >= WRITE_HEADER_BYTES) {
      int flags = LittleEndian.getU8(content, write);
      if (!isDone(flags, HEADER_ALLOCATED)) {
        return RecordWalk.isErased(StoreBytes.of(content), write, write + WRITE_HEADER_BYTES)
            ? Finding.QUIET
            : Finding.UNKNOWN;
      }
      if (!isDone(flags, WRITES_ALLOCATED)) {
        return Finding.QUIET; // interrupted before anything was moved
      }
      long count = LittleEndian.getLong(content, write + WRITE_COUNT_OFFSET);
      long privateBytes = LittleEndian.getLong(content, write + PRIVATE_BYTES_OFFSET);
      long room = end - write - WRITE_HEADER_BYTES;
      if (count < 0
          || count > room
          || privateBytes < 0
          || privateBytes > room
          || count * (RECORD_BYTES + privateBytes) > room) {
        return Finding.UNKNOWN;
      }
      long records = write + WRITE_HEADER_BYTES;
      long recordsEnd = records + count * (RECORD_BYTES + privateBytes);
      if (!isDone(flags, WRITE_COMPLETE)) {
        return pending(content, records, recordsEnd, RECORD_BYTES + privateBytes, layout);
      }
      write = recordsEnd;
    }
    return Finding.QUIET;
  }

  private static Finding pending(
      MemorySegment content, long from, long end, long stride, NvLayout layout) {
    for (long record = from; record < end; record += stride) {
      int flags = LittleEndian.getU8(content, record);
      if (isDone(flags, DESTINATION_COMPLETE)) {
        continue;
      }
      if (!isDone(flags, SPARE_COMPLETE)) {
        return Finding.QUIET; // the target was not touched yet
      }
      long relative = LittleEndian.getLong(content, record + RELATIVE_OFFSET);
      return relative == -layout.spareOffset() ? Finding.STORE_IN_SPARE : Finding.UNKNOWN;
    }
    return Finding.QUIET;
  }

  private static boolean isDone(int flags, int bit) {
    return (flags & bit) == 0;
  }

  /** The header's bytes; its checksum leaves out itself and the flags. */
  static MemorySegment headerBytes(NvLayout layout) {
    byte[] bytes = new byte[HEADER_BYTES];
    MemorySegment header = MemorySegment.ofArray(bytes);
    SIGNATURE.write(header, 0);
    LittleEndian.putInt(header, CRC_OFFSET, -1);
    LittleEndian.putInt(header, FLAGS_OFFSET, -1);
    LittleEndian.putLong(header, QUEUE_SIZE_OFFSET, layout.workingBytes() - HEADER_BYTES);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    LittleEndian.putInt(header, CRC_OFFSET, (int) crc.getValue());
    LittleEndian.putInt(header, FLAGS_OFFSET, VALID_FLAGS);
    return header;
  }
}
