// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.LongHolder;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.dispatch.emergency.Emergency;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * Walks the crash path once, in dispatchers of its own over a firmware that does nothing: a JVM
 * loads and links a class when it is first needed, which takes locks and memory, and with the heap
 * exhausted fails for good.
 *
 * <p>Made at every start, since nothing is kept for the whole process.
 */
final class CrashRehearsal implements Firmware, CrashEntry {
  private static final Duration GRACE = Duration.ofNanos(1);

  private final EfiGuid guid = new EfiGuid(0, 0);
  private final LongHolder holder = new LongHolder();
  private final MemorySegment data = MemorySegment.ofArray(new byte[1]);
  private Dispatcher dispatcher;

  /** Whether the thread that is inside panics there. */
  private boolean panicsInside;

  private CrashRehearsal() {}

  /** Blocks for some milliseconds in a JVM that has just started. */
  static void make() {
    CrashRehearsal whole = new CrashRehearsal();
    whole.start();
    whole.bypass();
    whole.panic();
    CrashRehearsal interrupted = new CrashRehearsal();
    interrupted.panicsInside = true;
    interrupted.start();
    interrupted.bypass();
  }

  /** Not closed afterwards: there is no thread in it, and nothing to be told of. */
  private void start() {
    dispatcher =
        Dispatcher.builder()
            .firmware(this)
            .calls(1)
            .bufferBytes(1024)
            .invoker()
            .resetFallback(type -> false)
            .assemble();
  }

  private void bypass() {
    dispatcher.nonBlocking().setVariable("n", guid, 7, data.byteSize(), data);
    dispatcher.nonBlocking().queryVariableInfo(7, holder, holder, holder);
  }

  private void panic() {
    // Left in the queue, for the panic to cancel.
    dispatcher.async().getTime(dispatcher.async().newPendingCall(), new EfiTimeHolder(), null);
    Emergency emergency = dispatcher.beginEmergency(GRACE);
    emergency.setVariable("n", guid, 7, data.byteSize(), data);
    emergency.queryVariableInfo(7, holder, holder, holder);
    dispatcher.beginEmergency(GRACE);
    dispatcher.nonBlocking().setVariable("n", guid, 7, data.byteSize(), data);
    emergency.resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    emergency.end();
  }

  @Override
  public long call(CallFrame frame) {
    if (panicsInside && frame.service() == RuntimeService.SET_VARIABLE) {
      panicsInside = false;
      bypass();
      panic();
    }
    return EfiStatusCode.SUCCESS;
  }

  @Override
  public CrashEntry crashEntry() {
    return this;
  }
}
