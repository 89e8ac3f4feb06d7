// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.testkit.FrameArguments;
import java.util.Map;
import java.util.TreeMap;

/**
 * A firmware that keeps variables in a map and asks before each write what to do with it. Its crash
 * entry fences the ordinary one, as that of the reference firmware does. For one thread.
 */
final class RecordFirmware implements Firmware {
  /** What becomes of a write. */
  enum Answer {
    STORED,
    OUT_OF_RESOURCES,
    DEVICE_ERROR,
    FAULT_BEFORE,
    FAULT_AFTER
  }

  /** Decides, and may do anything else inside the firmware. */
  interface Decision {
    Answer answer();

    /** Between storing and returning. */
    void stored();
  }

  private static final int NAME = 0;
  private static final int DATA_SIZE = 3;
  private static final int DATA = 4;

  private final Decision decision;
  private final boolean hasCrashEntry;
  private final Map<String, byte[]> variables = new TreeMap<>();
  private boolean fenced;

  RecordFirmware(Decision decision, boolean hasCrashEntry) {
    this.decision = decision;
    this.hasCrashEntry = hasCrashEntry;
  }

  Map<String, byte[]> variables() {
    return variables;
  }

  @Override
  public CrashEntry crashEntry() {
    return hasCrashEntry ? this::callAfterCrash : null;
  }

  @Override
  public long call(CallFrame frame) {
    return frame.service() == RuntimeService.SET_VARIABLE
        ? write(frame, true)
        : EfiStatusCode.UNSUPPORTED;
  }

  private long callAfterCrash(CallFrame frame) {
    fenced = true;
    return frame.service() == RuntimeService.SET_VARIABLE
        ? write(frame, false)
        : EfiStatusCode.UNSUPPORTED;
  }

  private long write(CallFrame frame, boolean ordinary) {
    Answer answer = decision.answer();
    if (ordinary && fenced) {
      return EfiStatusCode.DEVICE_ERROR;
    }
    switch (answer) {
      case OUT_OF_RESOURCES -> {
        return EfiStatusCode.OUT_OF_RESOURCES;
      }
      case DEVICE_ERROR -> {
        return EfiStatusCode.DEVICE_ERROR;
      }
      case FAULT_BEFORE -> throw new IllegalStateException("injected");
      case STORED, FAULT_AFTER -> {
        int size = (int) frame.word(DATA_SIZE);
        variables.put(FrameArguments.name(frame, NAME), FrameArguments.bytes(frame, DATA, size));
        decision.stored();
      }
    }
    if (answer == Answer.FAULT_AFTER) {
      throw new IllegalStateException("injected");
    }
    return EfiStatusCode.SUCCESS;
  }
}
