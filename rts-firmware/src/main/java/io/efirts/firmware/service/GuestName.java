// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.AddressSpaceView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A variable name copied out of guest memory, once, into a buffer that is as long as any name can
 * be. Reads no further than the page, or the 64 bytes, in which the NUL lies.
 */
final class GuestName {
  /** Size of a name that has no NUL within the limit: longer than any variable's. */
  static final long TOO_LONG = -1;

  private static final ValueLayout.OfShort CHAR16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long CHUNK_BYTES = 64;

  private final MemorySegment bytes;

  GuestName(int maxBytes) {
    this.bytes = MemorySegment.ofArray(new byte[maxBytes]);
  }

  /**
   * Copies a name.
   *
   * @param limitBytes where to stop looking for the NUL
   * @return size with the NUL, or {@link #TOO_LONG}
   */
  long read(AddressSpaceView memory, long address, long limitBytes) {
    long limit = Math.min(limitBytes, bytes.byteSize());
    long filled = 0;
    long scanned = 0;
    while (filled < limit) {
      long page = AddressSpace.PAGE_BYTES - (address + filled & (AddressSpace.PAGE_BYTES - 1));
      long chunk = Math.min(Math.min(page, CHUNK_BYTES), limit - filled);
      memory.read(address + filled, bytes, filled, chunk);
      filled += chunk;
      for (; scanned + Character.BYTES <= filled; scanned += Character.BYTES) {
        if (bytes.get(CHAR16, scanned) == 0) {
          return scanned + Character.BYTES;
        }
      }
    }
    return TOO_LONG;
  }

  MemorySegment bytes() {
    return bytes;
  }
}
