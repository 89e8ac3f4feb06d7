// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.entry.BareEntry;
import io.efirts.dispatch.entry.FirmwareEntry;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.WedgeLimits;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.observe.BypassLog;
import io.efirts.stress.CountingFirmware;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A panicking thread takes the firmware over and writes a variable while a crash logger makes its
 * own call: the panic calls a firmware that nobody is inside, or does not call it (I-1, I-18).
 */
@JCStressTest
@Outcome(
    id = "(refused|EMERGENCY), COMPLETED, entries 1, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "the crash logger stays out")
@Outcome(
    id = "COMPLETED, COMPLETED, entries 2, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "one after the other")
@Outcome(
    id = "COMPLETED, EMERGENCY, entries 1, EMERGENCY",
    expect = ACCEPTABLE,
    desc = "the crash logger was interrupted: without a crash entry the panic calls nothing")
@Outcome(
    id = "COMPLETED, COMPLETED, entries 1, .*",
    expect = FORBIDDEN,
    desc = "two entries overlapped, one step was lost (I-1)")
@Outcome(
    id = "(refused|EMERGENCY), EMERGENCY, .*",
    expect = FORBIDDEN,
    desc = "the panic has a whole firmware and does not use it (I-18)")
@Outcome(
    id = ".*, (NOBODY|BYPASS)",
    expect = FORBIDDEN,
    desc = "the crash logger has or freed the panicking thread's gate (I-1)")
@State
public class EmergencyAgainstBypass {
  private static final RuntimeService SERVICE = RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT;
  private static final EfiGuid GUID = EfiGuid.of("01234567-89ab-cdef-0123-456789abcdef");
  private static final MemorySegment DATA = MemorySegment.ofArray(new byte[8]);
  private static final PathSettings SETTINGS =
      new PathSettings(
          NanoClock.SYSTEM,
          AtomicContext.NEVER,
          RtProperties.of(RtProperties.ALL_SERVICES),
          WedgeLimits.defaults(),
          new HandlerThread());
  private static final BypassLog LOG = new BypassLog(NanoClock.SYSTEM);
  private static final PendingCapsule NO_CAPSULE = new PendingCapsule();
  private static final ResetFallbacks NO_FALLBACKS =
      new ResetFallbacks(List.of(), NO_CAPSULE, BareEntry.OBSERVER);

  private final CountingFirmware firmware = new CountingFirmware();
  private final FirmwareGate gate = new FirmwareGate();
  private final FirmwareEntry entry = BareEntry.into(firmware.instance(), gate);
  private final DirectPath bypass =
      new DirectPath(
          gate,
          entry,
          BareEntry.laneInto(firmware),
          CallInState.idle().item(),
          InterruptControl.NONE,
          SETTINGS,
          LOG,
          BareEntry.OBSERVER,
          () -> {});
  private final EmergencyPath emergency =
      new EmergencyPath(
          gate,
          new SeizingPath(
              gate,
              entry,
              BareEntry.laneInto(firmware),
              CallInState.idle().item(),
              null,
              SETTINGS,
              BareEntry.OBSERVER),
          NO_CAPSULE,
          InterruptControl.NONE,
          new EmergencyProgress(NanoClock.SYSTEM),
          NO_FALLBACKS);

  @Actor
  public void crashLogger(LLL_Result r) {
    long hold = bypass.hold(SERVICE);
    if (hold == FirmwareGate.NOT_ACQUIRED) {
      r.r1 = "refused";
      return;
    }
    bypass.item().begin(SERVICE);
    r.r1 = bypass.execute(hold).outcome();
    bypass.letGo(hold);
  }

  @Actor
  public void panic(LLL_Result r) {
    gate.changeMode(DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
    emergency.open(0);
    r.r2 = emergency.setVariable("D", GUID, 0, DATA.byteSize(), DATA).outcome();
  }

  @Arbiter
  public void after(LLL_Result r) {
    r.r3 = "entries " + firmware.calls() + ", " + gate.owner();
  }
}
