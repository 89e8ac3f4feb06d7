// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.stress.Meeting;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The crash path seizes a machine while the housekeeper pauses it and its user ends: it runs. */
@JCStressTest
@Outcome(
    id = {"true, true", "false, true"},
    expect = ACCEPTABLE,
    desc = "paused before the seizure, or not, and running")
@Outcome(id = ".*, false", expect = FORBIDDEN, desc = "seized and left standing (I-18)")
@State
public class SeizeAgainstPause {
  private final OneVcpu vcpu = new OneVcpu();
  private final MachinePower power = new MachinePower(vcpu, 1, "unused");
  private final Meeting meeting = new Meeting();

  public SeizeAgainstPause() {
    power.end();
  }

  @Actor
  public void housekeeper(ZZ_Result r) {
    meeting.arrive();
    r.r1 = power.pauseIfUnchanged(power.seen(), 1);
  }

  @Actor
  public void crash() {
    meeting.arrive();
    power.seize();
  }

  @Arbiter
  public void after(ZZ_Result r) {
    r.r2 = vcpu.running;
  }
}
