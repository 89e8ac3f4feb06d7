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
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * A use begins while the housekeeper pauses the machine: it runs when both are through, whoever
 * came first, and the use waited for nobody.
 */
@JCStressTest
@Outcome(
    id = {"true, true, true", "false, true, true"},
    expect = ACCEPTABLE,
    desc = "paused before the use, or taken back")
@Outcome(expect = FORBIDDEN, desc = "in use and standing")
@State
public class UseAgainstPause {
  private final OneVcpu vcpu = new OneVcpu();
  private final MachinePower power = new MachinePower(vcpu, 1, "unused");
  private final Meeting meeting = new Meeting();

  public UseAgainstPause() {
    power.end();
  }

  @Actor
  public void housekeeper(ZZZ_Result r) {
    meeting.arrive();
    r.r1 = power.pauseIfUnchanged(power.seen(), 1);
  }

  @Actor
  public void user(ZZZ_Result r) {
    meeting.arrive();
    r.r2 = power.begin();
  }

  @Arbiter
  public void after(ZZZ_Result r) {
    r.r3 = vcpu.running;
  }
}
