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
 * The one word that commits a new value, while a crash takes the store over: committed before, or
 * never (I-28).
 */
@JCStressTest
@Outcome(id = "written, new, kept", expect = ACCEPTABLE, desc = "committed before the takeover")
@Outcome(id = "refused, none, kept", expect = ACCEPTABLE, desc = "given up by the takeover")
@Outcome(
    id = "written, none, .*",
    expect = FORBIDDEN,
    desc = "committed although the takeover had given the record up")
@Outcome(id = "refused, new, .*", expect = FORBIDDEN, desc = "refused although it counts")
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
public class CommitAgainstTakeOver {
  private final RacingStore store = new RacingStore();
  private final long record = store.claim();

  @Actor
  public void writer(LLL_Result r) {
    r.r1 =
        store.change(
            record, StoreWriter.HEADER_ONLY_WORD, RecordFormat.START_ID | RecordState.ADDED << 16);
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
