// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import java.io.IOException;

/** An image that is not a variable store we fully understand. The message is one line. */
public final class NvImageException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * A finding.
   *
   * @param message what is wrong, where, and what was expected
   */
  public NvImageException(String message) {
    super(message);
  }

  static NvImageException at(String rule, long offset, long found, long expected) {
    return new NvImageException(
        rule
            + ": at=0x"
            + Long.toHexString(offset)
            + ", found=0x"
            + Long.toHexString(found)
            + ", expected=0x"
            + Long.toHexString(expected));
  }

  static NvImageException at(String rule, long offset) {
    return new NvImageException(rule + ": at=0x" + Long.toHexString(offset));
  }
}
