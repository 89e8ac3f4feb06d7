// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.ReentryTable;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.qemu.agent.AgentLink;
import java.util.Objects;

/**
 * Real firmware: each call is made in the guest, by the guest's processor.
 *
 * <p>A call that takes longer than its limit is ended there, and is a fault here; so is every
 * exception of the processor. The crash entry first does the same with a call that is inside, and
 * then offers what UEFI 2.10 section 8.1, table 8.2, allows to be called after it.
 */
public final class QemuFirmware implements Firmware {
  /** Nobody watches over a crash; a variable is written in less than half a second. */
  private static final long CRASH_LIMIT_NANOS = 10_000_000_000L;

  private final GuestCaller caller;
  private final CrashEntry crashEntry;

  /**
   * The firmware of a guest.
   *
   * @param link the way to the guest's agent
   * @param processor with the registers of ordinary calls
   * @param crashProcessor with those of a crash
   * @param entries where firmware's functions are
   * @param limitNanos how long a call may take, but for UpdateCapsule, which writes flash for as
   *     long as it likes; shorter than the dispatcher's wedge limit, so that calls that hang are
   *     ended and not given up on. In a crash 10 s at most
   */
  public QemuFirmware(
      AgentLink link,
      GuestProcessor processor,
      GuestProcessor crashProcessor,
      ServiceEntries entries,
      long limitNanos) {
    Objects.requireNonNull(link, "link");
    caller =
        new GuestCaller(
            processor,
            entries,
            (on, service) ->
                link.call(
                    on.registers(),
                    on.takeFloatingPoint(),
                    service == RuntimeService.UPDATE_CAPSULE ? Long.MAX_VALUE : limitNanos));
    GuestCaller inCrash =
        new GuestCaller(
            crashProcessor,
            entries,
            (on, service) ->
                link.callInCrash(on.registers(), Math.min(limitNanos, CRASH_LIMIT_NANOS)));
    // Asked now, so that nothing of the table is loaded in a crash.
    boolean[] callable = new boolean[RuntimeService.COUNT];
    for (int i = 0; i < callable.length; i++) {
      callable[i] = ReentryTable.callableDuringMachineCheck(RuntimeService.of(i));
    }
    crashEntry =
        frame ->
            frame.service() == null || !callable[frame.service().ordinal()]
                ? EfiStatusCode.UNSUPPORTED
                : inCrash.call(frame);
  }

  @Override
  public long call(CallFrame frame) {
    return caller.call(frame);
  }

  @Override
  public CrashEntry crashEntry() {
    return crashEntry;
  }
}
