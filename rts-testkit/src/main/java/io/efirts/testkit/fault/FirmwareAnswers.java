// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import java.util.List;

/**
 * Calls that return, with an answer that no caller can have expected. The sizes are those of
 * GetVariable (DataSize) and GetNextVariableName (VariableNameSize); for another service these
 * behaviours throw {@link IllegalStateException}. None blocks or allocates, and none writes
 * anything but the size.
 */
public final class FirmwareAnswers {
  /** Statuses that no specification gives a meaning: errors, warnings, a platform maker's own. */
  public static final List<Long> UNKNOWN_STATUSES =
      List.of(
          EfiStatusCode.ERROR_BIT | 29,
          EfiStatusCode.ERROR_BIT,
          EfiStatusCode.ERROR_BIT | EfiStatusCode.OEM_BIT | 1,
          EfiStatusCode.OEM_BIT,
          0x7fff_ffffL,
          Long.MAX_VALUE,
          -1L);

  private static final int GET_VARIABLE_DATA_SIZE = 3;
  private static final int GET_NEXT_VARIABLE_NAME_SIZE = 0;

  private FirmwareAnswers() {}

  /**
   * A status and nothing else, whatever the service should have written.
   *
   * @param status the EFI_STATUS word
   * @return a behaviour for any service
   */
  public static Firmware status(long status) {
    return frame -> status;
  }

  /**
   * A status and a size that has nothing to do with the call.
   *
   * @param status the EFI_STATUS word
   * @param sizeBytes the size, unsigned: 0 and -1, which is 2^64-1, are the limits
   * @return a behaviour for GetVariable and GetNextVariableName
   */
  public static Firmware size(long status, long sizeBytes) {
    return frame -> {
      frame.memory().putLong(sizeAddress(frame), sizeBytes);
      return status;
    };
  }

  /**
   * EFI_SUCCESS with a size one byte larger than the buffer.
   *
   * @return a behaviour for GetVariable and GetNextVariableName
   */
  public static Firmware successBeyondBuffer() {
    return offeredPlus(EfiStatusCode.SUCCESS, 1);
  }

  /**
   * EFI_BUFFER_TOO_SMALL with the very size that was offered: a caller that retries with what it is
   * told never ends.
   *
   * @return a behaviour for GetVariable and GetNextVariableName
   */
  public static Firmware tooSmallWithOfferedSize() {
    return offeredPlus(EfiStatusCode.BUFFER_TOO_SMALL, 0);
  }

  /**
   * EFI_BUFFER_TOO_SMALL with a size one byte smaller than was offered.
   *
   * @return a behaviour for GetVariable and GetNextVariableName that are offered at least one byte
   */
  public static Firmware tooSmallWithSmallerSize() {
    return offeredPlus(EfiStatusCode.BUFFER_TOO_SMALL, -1);
  }

  private static Firmware offeredPlus(long status, long bytes) {
    return frame -> {
      long address = sizeAddress(frame);
      frame.memory().putLong(address, frame.memory().getLong(address) + bytes);
      return status;
    };
  }

  /** Where the caller's size lies. */
  static long sizeAddress(CallFrame frame) {
    if (frame.service() == RuntimeService.GET_VARIABLE) {
      return frame.word(GET_VARIABLE_DATA_SIZE);
    }
    if (frame.service() == RuntimeService.GET_NEXT_VARIABLE_NAME) {
      return frame.word(GET_NEXT_VARIABLE_NAME_SIZE);
    }
    throw new IllegalStateException("service must return a size: service=" + frame.service());
  }
}
