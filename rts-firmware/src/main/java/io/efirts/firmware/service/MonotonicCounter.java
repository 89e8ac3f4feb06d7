// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;

/**
 * GetNextHighMonotonicCount. UEFI 2.10 section 8.5.2. The upper half is kept in variable MTC, which
 * is written before the new count is handed out, so a count is never given twice.
 */
public final class MonotonicCounter {
  private final VariableWriter variables;
  private int high;

  /**
   * A counter that goes on where the store says; writes nothing yet.
   *
   * @param table where MTC is read
   * @param variables how MTC is written
   */
  public MonotonicCounter(VariableTable table, VariableWriter variables) {
    this.variables = variables;
    this.high = OwnVariable.MTC.read(table, 0);
  }

  /**
   * GetNextHighMonotonicCount(HighCount).
   *
   * @param frame the call
   * @return the status; HighCount is written on SUCCESS only
   */
  public long getNextHighMonotonicCount(CallFrame frame) {
    long highCountPointer = frame.word(0);
    if (highCountPointer == 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    int next = high + 1;
    long status = variables.set(OwnVariable.MTC, OwnVariable.ATTRIBUTES, next);
    if (status == EfiStatusCode.SUCCESS) {
      high = next;
      frame.memory().putInt(highCountPointer, next);
    }
    return status;
  }
}
