// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.dispatch.WritePath;

/** A firmware that says how much storage is left, and counts what is written. For one thread. */
final class TellingStore implements Firmware {
  /** What is left, unsigned. */
  long remaining;

  /** How QueryVariableInfo answers. */
  long queryStatus;

  /** The attributes that were asked about last. */
  long asked = -1;

  int queries;
  int writes;

  @Override
  public CrashEntry crashEntry() {
    return this::call;
  }

  @Override
  public long call(CallFrame frame) {
    if (frame.service() == RuntimeService.QUERY_VARIABLE_INFO) {
      queries++;
      asked = frame.word(0);
      frame.memory().putLong(frame.word(2), remaining);
      return queryStatus;
    }
    if (frame.service() == RuntimeService.SET_VARIABLE) {
      writes++;
    } else if (frame.vendorEntryPoint() == WritePath.FAULTY_ENTRY) {
      throw new IllegalStateException("injected");
    }
    return 0;
  }
}
