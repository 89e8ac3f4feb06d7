// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * The ordinary writer makes a variable while a crash takes the store over: whatever step the two
 * meet at, the crash finds it whole or not at all, and so it stays (I-28).
 */
@JCStressTest
@Outcome(
    id = "written, new, kept",
    expect = ACCEPTABLE,
    desc = "committed and forced before the takeover")
@Outcome(
    id = "refused, new, kept",
    expect = ACCEPTABLE,
    desc = "committed before the takeover, which the writer does not learn")
@Outcome(id = "refused, none, kept", expect = ACCEPTABLE, desc = "not committed by then, so never")
@Outcome(
    id = "written, none, .*",
    expect = FORBIDDEN,
    desc = "the writer was told of a success that the crash undid")
@Outcome(
    id = ".*, changed",
    expect = FORBIDDEN,
    desc = "the fenced writer changed the variable after the takeover")
@Outcome(id = ".*, torn, .*", expect = FORBIDDEN, desc = "a record without all of its bytes counts")
@Outcome(
    id = ".*, (damaged|dump lost)",
    expect = FORBIDDEN,
    desc = "it came in the way of the crash's own record")
@State
public class CreateAgainstTakeOver {
  private final RacingStore store = new RacingStore();

  @Actor
  public void writer(LLL_Result r) {
    r.r1 = store.writeNew();
  }

  @Actor
  public void crash(LLL_Result r) {
    r.r2 = store.takeOver();
  }

  @Arbiter
  public void after(LLL_Result r) {
    r.r3 = store.kept();
  }
}
