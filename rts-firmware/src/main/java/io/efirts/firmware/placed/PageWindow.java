// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;

/**
 * A range of the firmware's own memory as one call reaches it: a page is translated through the
 * caller's tables when the call first touches it, for reading and for writing, and must lead to
 * where the range lies. What was translated is remembered for that call only, as a processor's
 * translation cache does that is flushed on every entry.
 *
 * <p>Before the first call, while the firmware is made, nothing is translated. Used by one thread
 * at a time; allocates nothing but the fault it throws.
 */
public final class PageWindow {
  private static final int PAGE_SHIFT = Integer.numberOfTrailingZeros(AddressSpace.PAGE_BYTES);

  private static final long NONE = -1;

  private final long physicalStart;

  /** For each page the call that has last translated it for reading. */
  private final long[] readIn;

  /** For each page the call that has last translated it for writing. */
  private final long[] writtenIn;

  private AddressSpaceView memory;
  private long address;

  /** Which call it is; 0 before the first one. */
  private long call;

  /** The page this call has last read from: most reads come to it again. */
  private long lastRead = NONE;

  /**
   * A window on a range.
   *
   * @param physicalStart first physical address, a multiple of 4096
   * @param sizeBytes its size, a multiple of 4096
   */
  PageWindow(long physicalStart, long sizeBytes) {
    this.physicalStart = physicalStart;
    int pages = (int) (sizeBytes >> PAGE_SHIFT);
    this.readIn = new long[pages];
    this.writtenIn = new long[pages];
  }

  /** Begins a call: the range is at this address of the caller's. */
  void open(AddressSpaceView memory, long address) {
    this.memory = memory;
    this.address = address;
    this.lastRead = NONE;
    call++;
  }

  /**
   * Goes to bytes that are about to be read.
   *
   * @param offset offset in the range
   * @param lengthBytes how many
   * @throws FirmwareFault if the tables do not lead there, or the bytes end behind the range
   */
  public void read(long offset, long lengthBytes) {
    long last = offset + lengthBytes - 1 >> PAGE_SHIFT;
    if (offset >> PAGE_SHIFT != lastRead || last != lastRead) {
      reach(offset, lengthBytes, readIn, Access.READ);
      lastRead = last;
    }
  }

  /** As {@link #read}, of bytes that are about to be written. */
  void write(long offset, long lengthBytes) {
    reach(offset, lengthBytes, writtenIn, Access.WRITE);
  }

  private void reach(long offset, long lengthBytes, long[] reachedIn, Access access) {
    long last = offset + lengthBytes - 1 >> PAGE_SHIFT;
    for (long page = offset >> PAGE_SHIFT; page <= last; page++) {
      if (page >= reachedIn.length) {
        // Sizes in memory that a guest can write to lead anywhere.
        throw notHere(page, access);
      }
      if (reachedIn[(int) page] != call) {
        translate(page, access);
        reachedIn[(int) page] = call;
      }
    }
  }

  private void translate(long page, Access access) {
    long physical = memory.physicalAddress(address + (page << PAGE_SHIFT), access);
    if (physical != physicalStart + (page << PAGE_SHIFT)) {
      throw notHere(page, access);
    }
  }

  private FirmwareFault notHere(long page, Access access) {
    return new FirmwareFault(
        FaultKind.NO_MEMORY, address + (page << PAGE_SHIFT), access, /* detail= */ 0);
  }
}
