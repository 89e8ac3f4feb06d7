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
 * The ordinary writer deletes a variable while a crash takes the store over: the crash finds it or
 * not, and so it stays (I-28). The change under way is one of a word that counts.
 */
@JCStressTest
@Outcome(
    id = "written, none, kept",
    expect = ACCEPTABLE,
    desc = "deleted and forced before the takeover")
@Outcome(
    id = "refused, none, kept",
    expect = ACCEPTABLE,
    desc = "deleted before the takeover, which the writer does not learn")
@Outcome(id = "refused, old, kept", expect = ACCEPTABLE, desc = "not deleted by then, so never")
@Outcome(
    id = "written, old, .*",
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
public class DeleteAgainstTakeOver {
  private final RacingStore store = RacingStore.withVariable();

  @Actor
  public void writer(LLL_Result r) {
    r.r1 = store.delete();
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
