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

/**
 * A caller interrupts its call at its limit while a crash takes the agent over: the interrupt does
 * not end the crash's own call.
 */
@JCStressTest
@Outcome(
    id = "(TAKEN_OVER|UNWOUND), UNWOUND, safe",
    expect = ACCEPTABLE,
    desc = "the crash's call hangs too, and ends at its own limit")
@Outcome(
    id = ".*, .*, hit",
    expect = FORBIDDEN,
    desc = "the caller's interrupt ended the call of the crash")
@State
public class InterruptAgainstTakeOver {
  private static final long NO_TIME = -1;

  private final RacingGuest guest = new RacingGuest(/* alive= */ true, /* interrupts= */ true);

  @Actor
  public void caller(LLL_Result r) {
    r.r1 = guest.link.call(guest.registers, false, NO_TIME);
  }

  @Actor
  public void crash(LLL_Result r) {
    guest.awaitLimit();
    r.r2 = guest.link.callInCrash(guest.registers, NO_TIME);
  }

  @Arbiter
  public void after(LLL_Result r) {
    r.r3 = guest.crashsCall();
  }
}
