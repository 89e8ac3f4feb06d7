// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Packing of the services that concern the system as a whole: virtual addressing, the monotonic
 * counter, and reset.
 *
 * <p>Called by the thread the work item is lent to; nothing blocks or allocates.
 */
public final class SystemCalls {
  private static final ValueLayout.OfInt UINT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SystemCalls() {}

  /**
   * Packs SetVirtualAddressMap.
   *
   * @param call the work item
   * @param descriptorSize stride of the descriptors
   * @param descriptorVersion version of the descriptors
   * @param virtualMap the descriptors
   * @throws IllegalArgumentException if the map does not fit the work item's buffer
   */
  public static void packSetVirtualAddressMap(
      RuntimeCall call, long descriptorSize, int descriptorVersion, MemorySegment virtualMap) {
    long size = virtualMap.byteSize();
    call.begin(RuntimeService.SET_VIRTUAL_ADDRESS_MAP);
    call.packValue(0, size);
    call.packValue(1, descriptorSize);
    call.packValue(2, descriptorVersion);
    long map = call.packBuffer(3, size);
    MemorySegment.copy(virtualMap, 0, call.item(), map, size);
    // UEFI 8.4.1: the service runs in physical mode and takes the map's physical address, wherever
    // work items are mapped otherwise.
    call.packPointer(3, call.physicalAddressOf(map));
  }

  /**
   * Packs ConvertPointer.
   *
   * @param call the work item
   * @param debugDisposition the flags
   * @param address the pointer to convert
   */
  public static void packConvertPointer(RuntimeCall call, long debugDisposition, long address) {
    call.begin(RuntimeService.CONVERT_POINTER);
    call.packValue(0, debugDisposition);
    call.item().set(UINT64, call.packCell(1), address);
  }

  /**
   * Copies out of ConvertPointer.
   *
   * @param call the completed work item
   * @param result its result
   * @param address receives the converted pointer
   */
  public static void copyOutConvertPointer(
      RuntimeCall call, CallResult result, LongHolder address) {
    if (result.isSuccess()) {
      address.value = call.item().get(UINT64, call.cellOffset(1));
    }
  }

  /**
   * Packs GetNextHighMonotonicCount.
   *
   * @param call the work item
   */
  public static void packGetNextHighMonotonicCount(RuntimeCall call) {
    call.begin(RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT);
    call.packCell(0);
  }

  /**
   * Copies out of GetNextHighMonotonicCount.
   *
   * @param call the completed work item
   * @param result its result
   * @param highCount receives the upper half of the counter
   */
  public static void copyOutGetNextHighMonotonicCount(
      RuntimeCall call, CallResult result, IntHolder highCount) {
    if (result.isSuccess()) {
      highCount.value = call.item().get(UINT32, call.cellOffset(0));
    }
  }

  /**
   * Packs ResetSystem.
   *
   * @param call the work item
   * @param resetType what kind of reset
   * @param resetStatus why
   * @param resetData reason and further bytes, or null
   * @throws IllegalArgumentException if the data does not fit the work item's buffer
   */
  public static void packResetSystem(
      RuntimeCall call, ResetType resetType, EfiStatus resetStatus, MemorySegment resetData) {
    long size = resetData == null ? 0 : resetData.byteSize();
    call.begin(RuntimeService.RESET_SYSTEM);
    call.packValue(0, resetType.code());
    call.packValue(1, resetStatus.raw());
    call.packValue(2, size);
    if (resetData == null) {
      call.packPointer(3, 0);
    } else {
      MemorySegment.copy(resetData, 0, call.item(), call.packBuffer(3, size), size);
    }
  }
}
