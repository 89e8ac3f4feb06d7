// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** A caller publishes while a crash takes the agent over: before, and is unwound, or never. */
@JCStressTest
@Outcome(
    id = "TAKEN_OVER, MACHINE_LOST, 101",
    expect = ACCEPTABLE,
    desc = "taken over first; nothing was published")
@Outcome(
    id = "(TAKEN_OVER|UNWOUND|MACHINE_LOST), MACHINE_LOST, 201",
    expect = ACCEPTABLE,
    desc = "published first, and found by the crash")
@Outcome(
    id = ".*, .*, .*00",
    expect = FORBIDDEN,
    desc = "the caller's request took the place of the crash's")
@Outcome(id = ".*, STUCK, .*", expect = FORBIDDEN, desc = "the crash did not get in")
@Outcome(
    id = "(UNWOUND|MACHINE_LOST|STUCK), .*, 101",
    expect = FORBIDDEN,
    desc = "the crash did not see a request that was published")
@State
public class RequestAgainstTakeOver {
  private final RacingGuest guest = new RacingGuest(/* alive= */ false, /* interrupts= */ false);

  @Actor
  public void caller(LLL_Result r) {
    r.r1 = guest.link.call(guest.registers, false, Long.MAX_VALUE);
  }

  @Actor
  public void crash(LLL_Result r) {
    r.r2 = guest.link.callInCrash(guest.registers, Long.MAX_VALUE);
  }

  @Arbiter
  public void after(LLL_Result r) {
    r.r3 = guest.request();
  }
}
