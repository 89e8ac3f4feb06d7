// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Packing of the four variable services' typed arguments, and copying out of what they return.
 *
 * <p>Called by the thread the work item is lent to. Copying out fills a holder only where UEFI says
 * that the service does for this status, and trusts no size that firmware returned. Nothing blocks
 * or allocates.
 */
public final class VariableCalls {
  private static final ValueLayout.OfShort CHAR16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt UINT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private VariableCalls() {}

  /**
   * Packs GetVariable.
   *
   * @param call the work item
   * @param name the variable's name
   * @param guid its namespace
   * @param wantAttributes whether to ask for the attributes
   * @param dataSize how many bytes of {@code data} may be used
   * @param data the caller's buffer, or null
   * @throws IllegalArgumentException if the name or the size breaks the rules of {@link
   *     io.efirts.api.RuntimeServices#getVariable}
   */
  public static void packGetVariable(
      RuntimeCall call,
      String name,
      EfiGuid guid,
      boolean wantAttributes,
      long dataSize,
      MemorySegment data) {
    requireDataSize(dataSize, data);
    if (data != null && data.isReadOnly()) {
      throw new IllegalArgumentException("data must be writable: data=" + data);
    }
    call.begin(RuntimeService.GET_VARIABLE);
    packName(call, 0, name);
    guid.write(call.item(), call.packCell(1));
    if (wantAttributes) {
      call.packCell(2);
    } else {
      call.packPointer(2, 0);
    }
    long offered = data == null ? dataSize : Math.min(dataSize, call.bufferRemaining());
    call.item().set(UINT64, call.packCell(3), offered);
    if (data == null) {
      call.packPointer(4, 0);
    } else {
      call.packBuffer(4, offered);
    }
  }

  /**
   * Copies out of GetVariable.
   *
   * @param call the completed work item
   * @param result its result
   * @param attributes receives the attributes if not null
   * @param dataSize receives the size
   * @param data receives the value
   */
  public static void copyOutGetVariable(
      RuntimeCall call,
      CallResult result,
      IntHolder attributes,
      LongHolder dataSize,
      MemorySegment data) {
    boolean success = result.isSuccess();
    if (!success && result.status().raw() != EfiStatusCode.BUFFER_TOO_SMALL) {
      return;
    }
    long size = call.item().get(UINT64, call.cellOffset(3));
    if (success && data != null) {
      // Firmware that returns more than it was offered wrote past the buffer or lies; the caller
      // gets what fits, and the size as it was returned.
      long room = Math.min(dataSize.value, call.item().byteSize() - call.bufferOffset(4));
      long length = size < 0 ? room : Math.min(size, room);
      MemorySegment.copy(call.item(), call.bufferOffset(4), data, 0, length);
    }
    dataSize.value = size;
    if (attributes != null) {
      attributes.value = call.item().get(UINT32, call.cellOffset(2));
    }
  }

  /**
   * Packs GetNextVariableName.
   *
   * @param call the work item
   * @param cursor where the walk stands
   * @throws IllegalArgumentException if the cursor's name buffer is larger than the work item's
   */
  public static void packGetNextVariableName(RuntimeCall call, VariableNameCursor cursor) {
    long capacity = cursor.capacityBytes();
    call.begin(RuntimeService.GET_NEXT_VARIABLE_NAME);
    call.item().set(UINT64, call.packCell(0), capacity);
    MemorySegment.copy(cursor.nameBytes(), 0, call.item(), call.packBuffer(1, capacity), capacity);
    MemorySegment.copy(cursor.guidBytes(), 0, call.item(), call.packCell(2), EfiGuid.SIZE_BYTES);
  }

  /**
   * Copies out of GetNextVariableName.
   *
   * @param call the completed work item
   * @param result its result
   * @param cursor steps on, or receives the size it needs
   */
  public static void copyOutGetNextVariableName(
      RuntimeCall call, CallResult result, VariableNameCursor cursor) {
    boolean success = result.isSuccess();
    if (!success && result.status().raw() != EfiStatusCode.BUFFER_TOO_SMALL) {
      return;
    }
    cursor.sizeBytes(call.item().get(UINT64, call.cellOffset(0)));
    if (success) {
      MemorySegment.copy(
          call.item(), call.bufferOffset(1), cursor.nameBytes(), 0, cursor.capacityBytes());
      MemorySegment.copy(
          call.item(), call.cellOffset(2), cursor.guidBytes(), 0, EfiGuid.SIZE_BYTES);
    }
  }

  /**
   * Packs SetVariable.
   *
   * @param call the work item
   * @param name the variable's name
   * @param guid its namespace
   * @param attributes its attributes
   * @param dataSize size of the value
   * @param data the value, or null
   * @throws IllegalArgumentException if the name or the size breaks the rules of {@link
   *     io.efirts.api.RuntimeServices#setVariable}
   */
  public static void packSetVariable(
      RuntimeCall call,
      CharSequence name,
      EfiGuid guid,
      int attributes,
      long dataSize,
      MemorySegment data) {
    requireDataSize(dataSize, data);
    call.begin(RuntimeService.SET_VARIABLE);
    packName(call, 0, name);
    guid.write(call.item(), call.packCell(1));
    call.packValue(2, attributes);
    call.packValue(3, dataSize);
    if (data == null) {
      call.packPointer(4, 0);
    } else {
      MemorySegment.copy(data, 0, call.item(), call.packBuffer(4, dataSize), dataSize);
    }
  }

  /**
   * Packs QueryVariableInfo.
   *
   * @param call the work item
   * @param attributes the kind of variables asked about
   */
  public static void packQueryVariableInfo(RuntimeCall call, int attributes) {
    call.begin(RuntimeService.QUERY_VARIABLE_INFO);
    call.packValue(0, attributes);
    call.packCell(1);
    call.packCell(2);
    call.packCell(3);
  }

  /**
   * Copies out of QueryVariableInfo.
   *
   * @param call the completed work item
   * @param result its result
   * @param maximumStorage receives the size of the store
   * @param remainingStorage receives what is left of it
   * @param maximumVariable receives the largest size of a variable
   */
  public static void copyOutQueryVariableInfo(
      RuntimeCall call,
      CallResult result,
      LongHolder maximumStorage,
      LongHolder remainingStorage,
      LongHolder maximumVariable) {
    if (result.isSuccess()) {
      maximumStorage.value = call.item().get(UINT64, call.cellOffset(1));
      remainingStorage.value = call.item().get(UINT64, call.cellOffset(2));
      maximumVariable.value = call.item().get(UINT64, call.cellOffset(3));
    }
  }

  /**
   * What QueryVariableInfo said is free.
   *
   * @param call the completed work item
   * @return number of bytes, unsigned
   */
  public static long remainingStorage(RuntimeCall call) {
    return call.item().get(UINT64, call.cellOffset(2));
  }

  private static void packName(RuntimeCall call, int index, CharSequence name) {
    int length = name.length();
    long offset = call.packBuffer(index, 2L * length + 2);
    MemorySegment item = call.item();
    for (int i = 0; i < length; i++) {
      char unit = name.charAt(i);
      if (unit == 0) {
        throw new IllegalArgumentException(
            "variable name must not contain a NUL: index=" + i + ", length=" + length);
      }
      item.set(CHAR16, offset + 2L * i, (short) unit);
    }
    item.set(CHAR16, offset + 2L * length, (short) 0);
  }

  private static void requireDataSize(long dataSize, MemorySegment data) {
    if (dataSize < 0 || data != null && dataSize > data.byteSize()) {
      throw new IllegalArgumentException(
          "dataSize must be at most the buffer: dataSize="
              + dataSize
              + ", buffer="
              + (data == null ? 0 : data.byteSize()));
    }
  }
}
