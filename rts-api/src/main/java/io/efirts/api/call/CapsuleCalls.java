// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Packing of the two capsule services' typed arguments, and copying out of what they return.
 *
 * <p>CapsuleHeaderArray becomes an array of pointers in the work item's buffer, followed by the
 * headers it points to, 32 bytes apart. Called by the thread the work item is lent to; nothing
 * blocks or allocates.
 */
public final class CapsuleCalls {
  private static final ValueLayout.OfInt UINT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Distance from header to header: 28 bytes, rounded up to keep each 16-byte aligned. */
  private static final long HEADER_STRIDE = 32;

  private CapsuleCalls() {}

  /**
   * Packs UpdateCapsule.
   *
   * @param call the work item
   * @param headers one header per capsule
   * @param scatterGatherList physical address of the block descriptors
   * @throws IllegalArgumentException if the headers do not fit the work item's buffer
   */
  public static void packUpdateCapsule(
      RuntimeCall call, List<EfiCapsuleHeader> headers, long scatterGatherList) {
    call.begin(RuntimeService.UPDATE_CAPSULE);
    packHeaders(call, headers);
    call.packValue(2, scatterGatherList);
  }

  /**
   * Packs QueryCapsuleCapabilities.
   *
   * @param call the work item
   * @param headers one header per capsule
   * @throws IllegalArgumentException if the headers do not fit the work item's buffer
   */
  public static void packQueryCapsuleCapabilities(
      RuntimeCall call, List<EfiCapsuleHeader> headers) {
    call.begin(RuntimeService.QUERY_CAPSULE_CAPABILITIES);
    packHeaders(call, headers);
    call.packCell(2);
    call.packCell(3);
  }

  /**
   * Copies out of QueryCapsuleCapabilities.
   *
   * @param call the completed work item
   * @param result its result
   * @param maximumCapsuleSize receives the largest size
   * @param resetType receives the reset type's number
   */
  public static void copyOutQueryCapsuleCapabilities(
      RuntimeCall call, CallResult result, LongHolder maximumCapsuleSize, IntHolder resetType) {
    if (result.isSuccess()) {
      maximumCapsuleSize.value = call.item().get(UINT64, call.cellOffset(2));
      resetType.value = call.item().get(UINT32, call.cellOffset(3));
    }
  }

  /**
   * The type of reset that QueryCapsuleCapabilities gave.
   *
   * @param call the completed work item
   * @return the type's number as firmware wrote it
   */
  public static int resetType(RuntimeCall call) {
    return call.item().get(UINT32, call.cellOffset(3));
  }

  private static void packHeaders(RuntimeCall call, List<EfiCapsuleHeader> headers) {
    int count = headers.size();
    long pointersBytes = (long) count * Long.BYTES + 15 & -16;
    MemorySegment item = call.item();
    long offset = call.packBuffer(0, pointersBytes + count * HEADER_STRIDE);
    for (int i = 0; i < count; i++) {
      long header = offset + pointersBytes + i * HEADER_STRIDE;
      EfiCapsuleHeader capsule = headers.get(i);
      if (capsule == null) {
        throw new NullPointerException("capsuleHeaders must hold no null: index=" + i);
      }
      capsule.write(item, header);
      item.set(UINT64, offset + (long) i * Long.BYTES, call.firmwareAddressOf(header));
    }
    call.packValue(1, count);
  }
}
