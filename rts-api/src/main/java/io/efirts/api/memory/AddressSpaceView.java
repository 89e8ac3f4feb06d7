// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Guest memory as firmware sees it: every access is translated by an {@link AddressSpace}, and what
 * cannot be translated is a {@link FirmwareFault}, as it would be on a processor.
 *
 * <p>Called by firmware, on the thread that made the call, between entering and leaving the
 * firmware context. Never blocks; allocates only the fault it throws. Multi-byte values are
 * little-endian and may lie at any alignment. An access that crosses pages and faults on a later
 * one has already taken effect on the earlier ones.
 */
public final class AddressSpaceView {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final AddressSpace addressSpace;
  private final GuestMemory memory;

  /**
   * A view of a guest's memory.
   *
   * @param addressSpace translates every access
   * @param memory what the physical addresses lead to
   */
  public AddressSpaceView(AddressSpace addressSpace, GuestMemory memory) {
    this.addressSpace = Objects.requireNonNull(addressSpace, "addressSpace");
    this.memory = Objects.requireNonNull(memory, "memory");
  }

  /**
   * The address space this view looks through.
   *
   * @return the address space
   */
  public AddressSpace addressSpace() {
    return addressSpace;
  }

  /**
   * Loads a byte.
   *
   * @param address virtual address
   * @return the byte
   */
  public byte getByte(long address) {
    long physical = physical(address, Access.READ);
    MemoryRegion region = region(physical, address, Access.READ);
    return region.bytes().get(JAVA_BYTE, region.offsetOf(physical));
  }

  /**
   * Loads a CHAR16 or UINT16.
   *
   * @param address virtual address
   * @return the value
   */
  public short getShort(long address) {
    if (crossesPage(address, Short.BYTES)) {
      return (short) getSlowly(address, Short.BYTES);
    }
    long physical = physical(address, Access.READ);
    MemoryRegion region = region(physical, address, Access.READ);
    return region.bytes().get(SHORT, region.offsetOf(physical));
  }

  /**
   * Loads a UINT32.
   *
   * @param address virtual address
   * @return the value
   */
  public int getInt(long address) {
    if (crossesPage(address, Integer.BYTES)) {
      return (int) getSlowly(address, Integer.BYTES);
    }
    long physical = physical(address, Access.READ);
    MemoryRegion region = region(physical, address, Access.READ);
    return region.bytes().get(INT, region.offsetOf(physical));
  }

  /**
   * Loads a UINT64.
   *
   * @param address virtual address
   * @return the value
   */
  public long getLong(long address) {
    if (crossesPage(address, Long.BYTES)) {
      return getSlowly(address, Long.BYTES);
    }
    long physical = physical(address, Access.READ);
    MemoryRegion region = region(physical, address, Access.READ);
    return region.bytes().get(LONG, region.offsetOf(physical));
  }

  /**
   * Stores a byte.
   *
   * @param address virtual address
   * @param value the byte
   */
  public void putByte(long address, byte value) {
    long physical = physical(address, Access.WRITE);
    MemoryRegion region = region(physical, address, Access.WRITE);
    region.bytes().set(JAVA_BYTE, region.offsetOf(physical), value);
  }

  /**
   * Stores a UINT32.
   *
   * @param address virtual address
   * @param value the value
   */
  public void putInt(long address, int value) {
    if (crossesPage(address, Integer.BYTES)) {
      putSlowly(address, value, Integer.BYTES);
      return;
    }
    long physical = physical(address, Access.WRITE);
    MemoryRegion region = region(physical, address, Access.WRITE);
    region.bytes().set(INT, region.offsetOf(physical), value);
  }

  /**
   * Stores a UINT64.
   *
   * @param address virtual address
   * @param value the value
   */
  public void putLong(long address, long value) {
    if (crossesPage(address, Long.BYTES)) {
      putSlowly(address, value, Long.BYTES);
      return;
    }
    long physical = physical(address, Access.WRITE);
    MemoryRegion region = region(physical, address, Access.WRITE);
    region.bytes().set(LONG, region.offsetOf(physical), value);
  }

  /**
   * Goes to an instruction, as a call or a jump does: the address must be mapped, and executable.
   * What lies there is not looked at.
   *
   * @param address virtual address of the instruction
   */
  public void fetch(long address) {
    physical(address, Access.EXECUTE);
  }

  /**
   * Translates an address as an access would, without making one: for device registers, and for
   * memory that firmware written in Java reaches by a way of its own.
   *
   * @param address virtual address
   * @param access what is about to be done there
   * @return the physical address; whether there is memory is not looked at
   */
  public long physicalAddress(long address, Access access) {
    return physical(address, access);
  }

  /**
   * Copies out of guest memory.
   *
   * @param address first virtual address
   * @param target where to
   * @param targetOffset offset in the target, bytes
   * @param lengthBytes number of bytes, 0 or more
   */
  public void read(long address, MemorySegment target, long targetOffset, long lengthBytes) {
    long done = 0;
    while (done < lengthBytes) {
      long chunk = Math.min(lengthBytes - done, bytesLeftInPage(address + done));
      long physical = physical(address + done, Access.READ);
      MemoryRegion region = region(physical, address + done, Access.READ);
      MemorySegment.copy(
          region.bytes(), region.offsetOf(physical), target, targetOffset + done, chunk);
      done += chunk;
    }
  }

  /**
   * Copies into guest memory.
   *
   * @param address first virtual address
   * @param source where from
   * @param sourceOffset offset in the source, bytes
   * @param lengthBytes number of bytes, 0 or more
   */
  public void write(long address, MemorySegment source, long sourceOffset, long lengthBytes) {
    long done = 0;
    while (done < lengthBytes) {
      long chunk = Math.min(lengthBytes - done, bytesLeftInPage(address + done));
      long physical = physical(address + done, Access.WRITE);
      MemoryRegion region = region(physical, address + done, Access.WRITE);
      MemorySegment.copy(
          source, sourceOffset + done, region.bytes(), region.offsetOf(physical), chunk);
      done += chunk;
    }
  }

  private long getSlowly(long address, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (getByte(address + i) & 0xFFL) << (8 * i);
    }
    return value;
  }

  private void putSlowly(long address, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      putByte(address + i, (byte) (value >>> (8 * i)));
    }
  }

  private static boolean crossesPage(long address, int bytes) {
    return bytesLeftInPage(address) < bytes;
  }

  private static long bytesLeftInPage(long address) {
    return AddressSpace.PAGE_BYTES - (address & (AddressSpace.PAGE_BYTES - 1));
  }

  private long physical(long address, Access access) {
    long translation = addressSpace.translate(address, access);
    if (Translation.isFault(translation)) {
      throw new FirmwareFault(
          Translation.faultKind(translation),
          address,
          access,
          Translation.faultDetail(translation));
    }
    return translation;
  }

  private MemoryRegion region(long physical, long address, Access access) {
    MemoryRegion region = memory.regionAt(physical);
    if (region == null) {
      throw new FirmwareFault(FaultKind.NO_MEMORY, address, access, 0);
    }
    return region;
  }
}
