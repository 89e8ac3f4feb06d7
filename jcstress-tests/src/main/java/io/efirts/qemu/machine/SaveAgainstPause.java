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
 * Who saves a machine stops it while the housekeeper pauses it, or takes a pause back that a use
 * has met: the saver's stop lasts.
 */
@JCStressTest
@Outcome(
    id = {"true, true, false", "false, true, false"},
    expect = ACCEPTABLE,
    desc = "paused before, or not, and stopped by who saves it")
@Outcome(expect = FORBIDDEN, desc = "let run in the middle of being saved")
@State
public class SaveAgainstPause {
  private static final long LIMIT = 60_000_000_000L;

  private final OneVcpu vcpu = new OneVcpu();
  private final MachinePower power = new MachinePower(vcpu, 1, "unused");
  private final Meeting meeting = new Meeting();

  public SaveAgainstPause() {
    power.end();
  }

  @Actor
  public void housekeeper(ZZZ_Result r) {
    meeting.arrive();
    r.r1 = power.pauseIfUnchanged(power.seen(), 1);
  }

  @Actor
  public void saver(ZZZ_Result r) {
    meeting.arrive();
    r.r2 = power.begin();
    power.end();
    r.r2 &= power.beginAnswered(System.nanoTime() + LIMIT);
    vcpu.stop();
  }

  @Arbiter
  public void after(ZZZ_Result r) {
    r.r3 = vcpu.running;
  }
}
