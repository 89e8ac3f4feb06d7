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
 * The first word of a claim, while a crash takes the store over: wherever it lands, the crash's own
 * record finds room behind it (I-28).
 */
@JCStressTest
@Outcome(
    id = ".*, old, kept",
    expect = ACCEPTABLE,
    desc = "the claim is in front of the crash's record, or does not exist")
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
public class ClaimAgainstTakeOver {
  private final RacingStore store = RacingStore.withVariable();
  private final long word = store.ordinary.tail() + RecordFormat.ATTRIBUTES_OFFSET;

  @Actor
  public void writer(LLL_Result r) {
    r.r1 = store.change(word, RacingStore.ERASED_WORD, 7);
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
