// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

/**
 * Byte layout of a work item, fixed so that an item can be read in a memory dump or by an agent in
 * the guest. All integers are little-endian.
 *
 * <pre>
 * 0x000 u32    signature, "ERTC"
 * 0x004 u16    layout version, 1
 * 0x006 u16    service: index in the runtime services table, 0xFFFF for a vendor entry
 * 0x008 u64    vendor entry point, 0 for a service
 * 0x010 u32    number of arguments
 * 0x014 u32    size of the buffer area in bytes
 * 0x018 u64    EFI_STATUS of the completed call
 * 0x020 u64[6] argument words: a pointer as it is, or for a value the address of its cell
 * 0x050        zero
 * 0x060        cells, 16 bytes for each argument: a value, or the fixed-size object an argument
 *              of a typed call points to (UINT32, UINTN, EFI_GUID, EFI_TIME, ...)
 * 0x0C0        zero
 * 0x100        buffer area: names and data of typed calls
 * </pre>
 */
public final class CallLayout {
  /** The value at {@link #SIGNATURE_OFFSET}: the bytes "ERTC". */
  public static final int SIGNATURE = 0x43545245;

  /** The value at {@link #VERSION_OFFSET}. */
  public static final int VERSION = 1;

  /** The value at {@link #SERVICE_OFFSET} for a vendor entry. */
  public static final int VENDOR_SERVICE = 0xFFFF;

  /** Offset of the signature, u32. */
  public static final int SIGNATURE_OFFSET = 0x00;

  /** Offset of the layout version, u16. */
  public static final int VERSION_OFFSET = 0x04;

  /** Offset of the service index, u16. */
  public static final int SERVICE_OFFSET = 0x06;

  /** Offset of the vendor entry point, u64. */
  public static final int VENDOR_ENTRY_OFFSET = 0x08;

  /** Offset of the number of arguments, u32. */
  public static final int ARGUMENT_COUNT_OFFSET = 0x10;

  /** Offset of the size of the buffer area, u32. */
  public static final int BUFFER_SIZE_OFFSET = 0x14;

  /** Offset of the completed call's status, u64. */
  public static final int STATUS_OFFSET = 0x18;

  /** Offset of the first argument word, u64 each. */
  public static final int WORDS_OFFSET = 0x20;

  /** Offset of the first cell. */
  public static final int CELLS_OFFSET = 0x60;

  /** Size of a cell in bytes: the largest fixed-size object of any service. */
  public static final int CELL_BYTES = 16;

  /** Offset of the buffer area. */
  public static final int BUFFER_OFFSET = 0x100;

  /** Most arguments of any call: a vendor entry takes up to six words. */
  public static final int MAXIMUM_ARGUMENTS = 6;

  private CallLayout() {}
}
