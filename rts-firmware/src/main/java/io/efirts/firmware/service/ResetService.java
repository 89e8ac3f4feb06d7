// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.ResetType;
import io.efirts.firmware.platform.ResetHandler;
import java.lang.foreign.MemorySegment;

/** ResetSystem. UEFI 2.10 section 8.5.1. */
public final class ResetService {
  private static final ResetType[] TYPES = ResetType.values();

  private final ResetHandler handler;
  private final MemorySegment data;

  /**
   * The reset service.
   *
   * @param handler what the embedder does, or null if the machine cannot be reset
   * @param maxDataBytes most bytes of reset data handed on
   */
  public ResetService(ResetHandler handler, int maxDataBytes) {
    this.handler = handler;
    this.data = MemorySegment.ofArray(new byte[maxDataBytes]);
  }

  /**
   * ResetSystem(ResetType, ResetStatus, DataSize, ResetData).
   *
   * @param frame the call
   * @return UNSUPPORTED without a handler, INVALID_PARAMETER for an unknown type, SUCCESS if the
   *     handler returned
   */
  public long resetSystem(CallFrame frame) {
    long type = frame.word(0);
    long dataPointer = frame.word(3);
    if (handler == null) {
      return EfiStatusCode.UNSUPPORTED;
    }
    if (type < 0 || type >= TYPES.length) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long dataBytes = dataPointer == 0 ? 0 : bounded(frame.word(2));
    frame.memory().read(dataPointer, data, 0, dataBytes);
    handler.reset(TYPES[(int) type], frame.word(1), data, dataBytes);
    return EfiStatusCode.SUCCESS;
  }

  private long bounded(long size) {
    return Long.compareUnsigned(size, data.byteSize()) > 0 ? data.byteSize() : size;
  }
}
