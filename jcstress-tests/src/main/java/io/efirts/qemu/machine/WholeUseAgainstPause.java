// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/**
 * A use begins and ends between the housekeeper's look and its pause, in the middle of that, or
 * after it: the machine that is left paused was not used in between.
 */
@JCStressTest
@Outcome(id = "true, false, 0", expect = ACCEPTABLE, desc = "used; the pause is off")
@Outcome(id = "false, true, 3", expect = ACCEPTABLE, desc = "paused; the user comes again")
@Outcome(id = "true, true, 0", expect = ACCEPTABLE, desc = "paused, then resumed and used")
@Outcome(
    id = "true, true, 3",
    expect = FORBIDDEN,
    desc = "paused although it was used since the look")
@Outcome(id = "true, .*, [12]", expect = FORBIDDEN, desc = "a use that is over lasts")
@State
public class WholeUseAgainstPause {
  private final PowerWord word = new PowerWord();
  private final long seen;

  public WholeUseAgainstPause() {
    word.end();
    seen = word.get();
  }

  @Actor
  public void user(ZZI_Result r) {
    r.r1 = word.tryUse() || word.tryResume();
    if (r.r1) {
      word.end();
    }
  }

  @Actor
  public void housekeeper(ZZI_Result r) {
    r.r2 = word.tryPausing(seen);
    if (r.r2) {
      r.r2 = word.tryPaused(seen);
    }
  }

  @Arbiter
  public void after(ZZI_Result r) {
    r.r3 = PowerWord.state(word.get());
  }
}
