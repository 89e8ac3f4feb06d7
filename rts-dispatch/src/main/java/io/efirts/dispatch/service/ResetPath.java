// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.AbiCalls;
import io.efirts.api.call.SystemCalls;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.gate.FirmwareGate;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * ResetSystem, on the calling thread: it may come when the worker is gone or hangs, and it is not
 * expected to return. Waits a bounded time for the gate.
 */
final class ResetPath {
  private static final long LOOK_NANOS = 20_000;

  private final DirectPath path;
  private final long waitNanos;

  ResetPath(DirectPath path, long waitNanos) {
    this.path = path;
    this.waitNanos = waitNanos;
  }

  CallResult resetSystem(ResetType resetType, EfiStatus resetStatus, MemorySegment resetData) {
    long start = System.nanoTime();
    while (true) {
      long previous = path.deferStops();
      long hold = FirmwareGate.NOT_ACQUIRED;
      try {
        hold = path.hold();
        if (hold != FirmwareGate.NOT_ACQUIRED) {
          SystemCalls.packResetSystem(path.item(), resetType, resetStatus, resetData);
          return path.execute(hold);
        }
      } finally {
        path.letGo(hold);
        path.allowStops(previous);
      }
      if (!mayTryAgain(start)) {
        return refusal();
      }
    }
  }

  CallResult resetSystem(long word0, long word1, long word2, long word3) {
    long start = System.nanoTime();
    while (true) {
      long previous = path.deferStops();
      long hold = FirmwareGate.NOT_ACQUIRED;
      try {
        hold = path.hold();
        if (hold != FirmwareGate.NOT_ACQUIRED) {
          AbiCalls.pack(path.item(), RuntimeService.RESET_SYSTEM, word0, word1, word2, word3, 0);
          return path.execute(hold);
        }
      } finally {
        path.letGo(hold);
        path.allowStops(previous);
      }
      if (!mayTryAgain(start)) {
        return refusal();
      }
    }
  }

  /** Waits with stops allowed: this thread has nothing that others wait for. */
  private boolean mayTryAgain(long start) {
    if (refusal().outcome() != Outcome.BUSY || System.nanoTime() - start >= waitNanos) {
      return false;
    }
    LockSupport.parkNanos(this, LOOK_NANOS);
    return true;
  }

  private CallResult refusal() {
    CallResult refusal = path.refusal();
    return refusal.outcome() == Outcome.BUSY && path.isInside()
        ? CallResult.refused(Outcome.WOULD_BLOCK, false, false)
        : refusal;
  }
}
