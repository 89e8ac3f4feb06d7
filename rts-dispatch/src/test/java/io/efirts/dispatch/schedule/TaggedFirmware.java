// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One firmware instance that knows each call by the number it carries, answers it with another
 * number that follows from the first, and lets one chosen call come to grief before it answers.
 *
 * <p>For any thread. What it writes goes to the addresses it was given at the entry, however late.
 */
final class TaggedFirmware implements Firmware {
  /** The vendor's entry; its only argument is the tag. */
  static final long VENDOR_ENTRY = 0xFFFF_8000_1234_5000L;

  /** Tags start here, so that the questions of a probe are not mistaken for tagged calls. */
  static final int FIRST_TAG = 16;

  /** Decides what happens inside, before the answer. */
  @FunctionalInterface
  interface Inside {
    void happens(int tag, int entry, CallFrame frame);
  }

  private final EntryLog log;
  private final Inside mishap;
  private final boolean hasCrashEntry;
  private final AtomicInteger inside = new AtomicInteger();

  TaggedFirmware(EntryLog log, Inside mishap, boolean hasCrashEntry) {
    this.log = log;
    this.mishap = mishap;
    this.hasCrashEntry = hasCrashEntry;
  }

  /** What firmware makes of a tag. */
  static long answer(long tag) {
    return tag * 0x9E37_79B9_7F4A_7C15L >>> 1 | 1;
  }

  @Override
  public long call(CallFrame frame) {
    if (inside.incrementAndGet() != 1) {
      log.metInside();
    }
    try {
      return answer(frame, true);
    } finally {
      inside.decrementAndGet();
    }
  }

  @Override
  public CrashEntry crashEntry() {
    return hasCrashEntry ? frame -> answer(frame, false) : null;
  }

  private long answer(CallFrame frame, boolean ordinary) {
    if (frame.service() == null) {
      long tag = frame.word(0);
      enter((int) tag, ordinary, frame);
      return answer(tag);
    }
    if (frame.service() == RuntimeService.CONVERT_POINTER) {
      long pointer = frame.word(1);
      long tag = frame.memory().getLong(pointer);
      enter((int) tag, ordinary, frame);
      frame.memory().putLong(pointer, answer(tag));
    } else if (frame.service() == RuntimeService.QUERY_VARIABLE_INFO) {
      int tag = (int) frame.word(0);
      long pointer = frame.word(1);
      enter(tag, ordinary, frame);
      frame.memory().putLong(pointer, answer(tag));
    }
    return EfiStatusCode.SUCCESS;
  }

  private void enter(int tag, boolean ordinary, CallFrame frame) {
    if (tag >= FIRST_TAG) {
      int entry = log.entered(tag);
      if (ordinary) {
        mishap.happens(tag, entry, frame);
      }
    }
  }
}
