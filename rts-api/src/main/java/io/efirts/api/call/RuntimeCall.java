// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import io.efirts.api.spec.Passing;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceParameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A work item: one call's service and arguments, laid out in memory as {@link CallLayout} says.
 *
 * <p>Packing follows one rule: a pointer is stored as it is, a value is stored in the item's own
 * cell and the cell's address is the argument word. Typed calls let their pointers lead into the
 * item itself, to a cell for an object of fixed size, to the buffer area for names and data.
 *
 * <p>Belongs to the dispatcher. Used by one thread at a time: the caller it is lent to, then the
 * worker that claimed it, then the caller again. No method allocates or blocks.
 */
public final class RuntimeCall {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment item;
  private final long firmwareAddress;
  private final long physicalAddress;
  private final long bufferBytes;
  private final long[] bufferOffsets = new long[CallLayout.MAXIMUM_ARGUMENTS];

  private RuntimeService service;
  private long vendorEntryPoint;
  private int argumentCount;
  private long bufferUsed;

  /**
   * A work item in dispatcher-owned memory.
   *
   * @param item the item's bytes, larger than {@link CallLayout#BUFFER_OFFSET}
   * @param firmwareAddress address of the first byte as the firmware sees it
   * @param physicalAddress address of the first byte in guest-physical memory
   * @throws IllegalArgumentException if there is no room for a buffer area
   */
  public RuntimeCall(MemorySegment item, long firmwareAddress, long physicalAddress) {
    if (item.byteSize() <= CallLayout.BUFFER_OFFSET) {
      throw new IllegalArgumentException(
          "work item must have a buffer area: size=" + item.byteSize());
    }
    this.item = item;
    this.firmwareAddress = firmwareAddress;
    this.physicalAddress = physicalAddress;
    this.bufferBytes = item.byteSize() - CallLayout.BUFFER_OFFSET;
    item.set(INT, CallLayout.SIGNATURE_OFFSET, CallLayout.SIGNATURE);
    item.set(SHORT, CallLayout.VERSION_OFFSET, (short) CallLayout.VERSION);
    item.set(INT, CallLayout.BUFFER_SIZE_OFFSET, (int) bufferBytes);
  }

  /**
   * Starts packing a call of a service; forgets what the item held.
   *
   * @param service the service
   */
  public void begin(RuntimeService service) {
    this.service = service;
    this.vendorEntryPoint = 0;
    writeTarget(service.ordinal(), 0, service.signature().parameterCount());
  }

  /**
   * Starts packing a call of a vendor's own entry point; forgets what the item held.
   *
   * @param entryPoint address of the entry in the firmware's address space, not 0
   * @param wordCount number of argument words, 0 to 6
   * @throws IllegalArgumentException if the entry is 0 or the count is out of range
   */
  public void beginVendor(long entryPoint, int wordCount) {
    if (entryPoint == 0) {
      throw new IllegalArgumentException("vendor entry point must not be 0");
    }
    if (wordCount < 0 || wordCount > CallLayout.MAXIMUM_ARGUMENTS) {
      throw new IllegalArgumentException(
          "vendor call must have 0 to 6 words: wordCount=" + wordCount);
    }
    this.service = null;
    this.vendorEntryPoint = entryPoint;
    writeTarget(CallLayout.VENDOR_SERVICE, entryPoint, wordCount);
  }

  private void writeTarget(int serviceIndex, long entryPoint, int count) {
    argumentCount = count;
    bufferUsed = 0;
    item.set(SHORT, CallLayout.SERVICE_OFFSET, (short) serviceIndex);
    item.set(LONG, CallLayout.VENDOR_ENTRY_OFFSET, entryPoint);
    item.set(INT, CallLayout.ARGUMENT_COUNT_OFFSET, count);
    item.set(LONG, CallLayout.STATUS_OFFSET, 0);
  }

  /**
   * The service being called.
   *
   * @return the service, or null for a vendor entry
   */
  public RuntimeService service() {
    return service;
  }

  /**
   * The vendor entry being called.
   *
   * @return its address, or 0 for a service
   */
  public long vendorEntryPoint() {
    return vendorEntryPoint;
  }

  /**
   * Number of arguments of the packed call.
   *
   * @return 0 to 6
   */
  public int argumentCount() {
    return argumentCount;
  }

  /**
   * Packs a pointer, or a vendor's word: stored as it is.
   *
   * @param index which argument
   * @param address what to store
   */
  public void packPointer(int index, long address) {
    item.set(LONG, wordOffset(index), address);
  }

  /**
   * Packs a value: stored in the argument's cell, whose address becomes the word.
   *
   * @param index which argument
   * @param value the value; bits beyond the parameter's width are dropped
   * @throws IllegalStateException if a vendor call is being packed
   */
  public void packValue(int index, long value) {
    if (service == null) {
      throw new IllegalStateException(
          "a vendor call takes words only: index="
              + index
              + ", value=0x"
              + Long.toHexString(value));
    }
    long cell = cellOffset(index);
    item.set(LONG, cell, truncate(value, service.signature().parameter(index).widthBytes()));
    item.set(LONG, wordOffset(index), firmwareAddress + cell);
  }

  /**
   * Packs a pointer to the argument's own cell and clears the cell: for an object of fixed size
   * that the firmware reads or writes.
   *
   * @param index which argument
   * @return offset of the cell in {@link #item()}
   */
  public long packCell(int index) {
    long cell = cellOffset(index);
    item.set(LONG, cell, 0);
    item.set(LONG, cell + Long.BYTES, 0);
    item.set(LONG, wordOffset(index), firmwareAddress + cell);
    return cell;
  }

  /**
   * Packs a pointer to fresh space in the buffer area.
   *
   * @param index which argument
   * @param lengthBytes how much space, at most {@link #bufferRemaining()}
   * @return offset of the space in {@link #item()}; its old content is undefined
   * @throws IllegalArgumentException if the buffer area has less left
   */
  public long packBuffer(int index, long lengthBytes) {
    if (lengthBytes < 0 || lengthBytes > bufferRemaining()) {
      throw new IllegalArgumentException(
          "argument must fit the work item's buffer: lengthBytes="
              + lengthBytes
              + ", remaining="
              + bufferRemaining());
    }
    long offset = CallLayout.BUFFER_OFFSET + bufferUsed;
    bufferOffsets[index] = offset;
    item.set(LONG, wordOffset(index), firmwareAddress + offset);
    // Every buffer starts 16-byte aligned: firmware may use aligned vector loads on it.
    bufferUsed = Math.min(bufferBytes, (bufferUsed + lengthBytes + 15) & -16);
    return offset;
  }

  /**
   * What is left of the buffer area.
   *
   * @return number of bytes
   */
  public long bufferRemaining() {
    return bufferBytes - bufferUsed;
  }

  /**
   * Unpacks one argument as the firmware expects it: a pointer as it is, a value out of its cell,
   * with the width its signature gives and no bits above. Reads at fixed offsets only: a word that
   * the guest has changed in the meantime is passed on, never followed.
   *
   * @param index which argument
   * @return the argument
   */
  public long unpack(int index) {
    if (service == null) {
      return item.get(LONG, wordOffset(index));
    }
    ServiceParameter parameter = service.signature().parameter(index);
    return parameter.passing() == Passing.POINTER
        ? item.get(LONG, wordOffset(index))
        : truncate(item.get(LONG, cellOffset(index)), parameter.widthBytes());
  }

  /**
   * The item's bytes; offsets are those the pack methods returned.
   *
   * @return the segment, always the same
   */
  public MemorySegment item() {
    return item;
  }

  /**
   * Where a byte of the item lies in guest-physical memory: for the one service that takes a
   * physical address, SetVirtualAddressMap.
   *
   * @param offset offset in {@link #item()}
   * @return the guest-physical address
   */
  public long physicalAddressOf(long offset) {
    return physicalAddress + offset;
  }

  /**
   * Where the firmware sees a byte of the item.
   *
   * @param offset offset in {@link #item()}
   * @return the address in the firmware's address space
   */
  public long firmwareAddressOf(long offset) {
    return firmwareAddress + offset;
  }

  /**
   * Offset of an argument's cell in {@link #item()}.
   *
   * @param index which argument
   * @return the offset in bytes
   */
  public long cellOffset(int index) {
    return CallLayout.CELLS_OFFSET + (long) index * CallLayout.CELL_BYTES;
  }

  /**
   * Offset of an argument's space in the buffer area, as packed: the words in the item are not
   * asked again, since the firmware or the guest may have changed them.
   *
   * @param index an argument packed by {@link #packBuffer}
   * @return offset in {@link #item()}, in bytes
   */
  public long bufferOffset(int index) {
    return bufferOffsets[index];
  }

  /**
   * Stores the status of the completed call.
   *
   * @param status the EFI_STATUS word
   */
  public void status(long status) {
    item.set(LONG, CallLayout.STATUS_OFFSET, status);
  }

  private long wordOffset(int index) {
    return CallLayout.WORDS_OFFSET + (long) Objects.checkIndex(index, argumentCount) * Long.BYTES;
  }

  private static long truncate(long value, int widthBytes) {
    return widthBytes == Long.BYTES ? value : value & ((1L << (8 * widthBytes)) - 1);
  }
}
