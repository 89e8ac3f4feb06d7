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

/** A use begins while the housekeeper pauses the machine: one of them has it. */
@JCStressTest
@Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "in use; the pause is off")
@Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "pausing; the user waits for its end")
@Outcome(id = "true, true, .*", expect = FORBIDDEN, desc = "a machine in use is paused")
@Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "nobody has the machine")
@State
public class UseAgainstPause {
  private final PowerWord word = idle();
  private final long seen = word.get();

  private static PowerWord idle() {
    PowerWord word = new PowerWord();
    word.end();
    return word;
  }

  @Actor
  public void user(ZZI_Result r) {
    r.r1 = word.tryUse();
  }

  @Actor
  public void housekeeper(ZZI_Result r) {
    r.r2 = word.tryPausing(seen);
  }

  @Arbiter
  public void after(ZZI_Result r) {
    r.r3 = PowerWord.state(word.get());
  }
}
