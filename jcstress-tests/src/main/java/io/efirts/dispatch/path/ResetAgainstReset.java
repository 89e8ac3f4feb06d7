// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.spec.RtProperties;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.entry.BareEntry;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.gate.GateTarget;
import io.efirts.dispatch.gate.WedgeLimits;
import io.efirts.stress.CountingFirmware;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Two threads reset a firmware that was given up on, through its crash entry: whoever takes the
 * gate leaves it wedged again, whatever the other one tries in between (I-10).
 */
@JCStressTest
@Outcome(id = ".*, WEDGED", expect = ACCEPTABLE, desc = "the gate is as it was before")
@Outcome(
    id = ".*, FREE",
    expect = FORBIDDEN,
    desc = "a wedged gate was freed with its owner perhaps still inside (I-10)")
@Outcome(id = ".*, (HELD|ENTERED)", expect = FORBIDDEN, desc = "a reset kept the gate (I-10)")
@State
public class ResetAgainstReset {
  private static final PathSettings NO_CALLS =
      new PathSettings(
          NanoClock.SYSTEM,
          AtomicContext.NEVER,
          RtProperties.of(0),
          WedgeLimits.defaults(),
          new HandlerThread());

  private final FirmwareGate gate = new FirmwareGate();
  private final SeizingPath path = path();

  private SeizingPath path() {
    CountingFirmware firmware = new CountingFirmware();
    FirmwareInstance instance = firmware.instanceWithCrashEntry();
    gate.wedge(gate.tryAcquireAsWorker(GateTarget.VENDOR));
    return new SeizingPath(
        gate,
        BareEntry.into(instance, gate),
        BareEntry.laneInto(firmware),
        CallInState.idle().item(),
        null,
        NO_CALLS,
        BareEntry.OBSERVER);
  }

  @Actor
  public void one(ZZL_Result r) {
    r.r1 = reset();
  }

  @Actor
  public void other(ZZL_Result r) {
    r.r2 = reset();
  }

  private boolean reset() {
    long hold = path.holdForReset(GateTarget.VENDOR);
    path.letGo(hold);
    return hold != FirmwareGate.NOT_ACQUIRED;
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = gate.phase();
  }
}
