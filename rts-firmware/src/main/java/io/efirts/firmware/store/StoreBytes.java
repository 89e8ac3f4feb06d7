// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.placed.PageWindow;
import io.efirts.firmware.placed.WindowedStorage;
import java.lang.foreign.MemorySegment;

/**
 * The bytes of a store as its firmware reaches them: by way of the caller's page tables, if they
 * lie in guest memory. Every read of a record goes through here. Allocates nothing.
 */
final class StoreBytes {
  private final MemorySegment content;

  /** Null where the bytes are reached directly. */
  private final PageWindow window;

  private StoreBytes(MemorySegment content, PageWindow window) {
    this.content = content;
    this.window = window;
  }

  static StoreBytes of(NvStorage storage) {
    PageWindow window = storage instanceof WindowedStorage placed ? placed.window() : null;
    return new StoreBytes(storage.content(), window);
  }

  /** For the check of an image, which no firmware has yet. */
  static StoreBytes of(MemorySegment content) {
    return new StoreBytes(content, null);
  }

  MemorySegment content() {
    return content;
  }

  /** The content, after the pages of a range were gone to. */
  MemorySegment reach(long offset, long lengthBytes) {
    if (window != null) {
      window.read(offset, lengthBytes);
    }
    return content;
  }

  int getU8(long offset) {
    return LittleEndian.getU8(reach(offset, Byte.BYTES), offset);
  }

  int getU16(long offset) {
    return LittleEndian.getU16(reach(offset, Short.BYTES), offset);
  }

  int getInt(long offset) {
    return LittleEndian.getInt(reach(offset, Integer.BYTES), offset);
  }

  long getU32(long offset) {
    return LittleEndian.getU32(reach(offset, Integer.BYTES), offset);
  }

  long getLong(long offset) {
    return LittleEndian.getLong(reach(offset, Long.BYTES), offset);
  }
}
