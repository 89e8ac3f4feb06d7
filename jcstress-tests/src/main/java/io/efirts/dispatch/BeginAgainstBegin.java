// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.entry.BareEntry;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.dispatch.gate.WedgeLimits;
import io.efirts.dispatch.instance.ArmedInstance;
import io.efirts.dispatch.instance.InstanceSettings;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.instance.SharedState;
import io.efirts.dispatch.instance.WorkItemPlan;
import io.efirts.dispatch.path.EmergencyProgress;
import io.efirts.dispatch.path.HandlerThread;
import io.efirts.dispatch.path.PathSettings;
import io.efirts.dispatch.path.ResetFallbacks;
import io.efirts.dispatch.policy.WorkerWait;
import io.efirts.stress.Meeting;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Two threads panic: one gets the firmware, and the other does not take it for one that hangs,
 * although it has not called firmware yet (I-18).
 */
@JCStressTest
@Outcome(
    id = {"true, false, waits", "false, true, waits"},
    expect = ACCEPTABLE,
    desc = "one has the firmware, the other leaves it alone")
@Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "both have the firmware (I-1)")
@Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "nobody writes the panic (I-18)")
@Outcome(
    id = ".*, resets",
    expect = FORBIDDEN,
    desc = "found the emergency without its beginning, and reset in the middle of it (I-18)")
@State
public class BeginAgainstBegin {
  private static final InstanceSettings SETTINGS =
      new InstanceSettings(
          new WorkItemPlan(1, 64),
          null,
          WorkerWait.ADAPTIVE,
          InterruptControl.NONE,
          0,
          new PathSettings(
              NanoClock.SYSTEM,
              AtomicContext.NEVER,
              RtProperties.of(0),
              WedgeLimits.defaults(),
              new HandlerThread()),
          null);

  private final PendingCapsule capsule = new PendingCapsule();
  private final EmergencyProgress progress = new EmergencyProgress(NanoClock.SYSTEM);
  private final ResetFallbacks fallbacks =
      new ResetFallbacks(List.of(this::fallback), capsule, BareEntry.OBSERVER);
  private final EmergencyBegin begin =
      new EmergencyBegin(
          new Instances(armed()), InterruptControl.NONE, NanoClock.SYSTEM, progress, fallbacks);
  private final Meeting meeting = new Meeting();
  private volatile boolean reset;

  private ArmedInstance armed() {
    SharedState shared =
        new SharedState(
            BareEntry.OBSERVER, null, null, null, capsule, fallbacks, progress, () -> {});
    return new ArmedInstance(UncalledFirmware.INSTANCE, SETTINGS, shared);
  }

  private boolean fallback(ResetType type) {
    reset = true;
    return false;
  }

  @Actor
  public void one(ZZL_Result r) {
    meeting.arrive();
    r.r1 = begin.begin(0) != null;
  }

  @Actor
  public void other(ZZL_Result r) {
    meeting.arrive();
    r.r2 = begin.begin(0) != null;
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = reset ? "resets" : "waits";
  }
}
