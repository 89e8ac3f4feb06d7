// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.spi.NanoClock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** What one dump left in the buffers with plain stores, the next one finds there (I-17). */
@JCStressTest
@Outcome(id = "true, true, 2, 2", expect = ACCEPTABLE, desc = "one dump after the other")
@Outcome(
    id = {"true, false, 1, 1", "false, true, 1, 1"},
    expect = ACCEPTABLE,
    desc = "the other one was skipped")
@Outcome(
    id = "true, true, .*",
    expect = FORBIDDEN,
    desc = "the next dump found the buffers as they were before (I-17)")
@Outcome(id = "false, false, .*", expect = FORBIDDEN, desc = "neither dumped")
@State
public class UnlockAgainstLock {
  private final DumpLock lock = new DumpLock(NanoClock.SYSTEM, null);
  private int first;
  private int second;

  @Actor
  public void one(ZZL_Result r) {
    r.r1 = dump();
  }

  @Actor
  public void other(ZZL_Result r) {
    r.r2 = dump();
  }

  private boolean dump() {
    if (!lock.tryLock()) {
      return false;
    }
    first++;
    second++;
    lock.unlock();
    return true;
  }

  @Arbiter
  public void after(ZZL_Result r) {
    r.r3 = first + ", " + second;
  }
}
