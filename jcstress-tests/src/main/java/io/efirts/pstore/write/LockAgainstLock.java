// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.spi.NanoClock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two threads want to compose a dump: one of them may (I-3: nobody waits). */
@JCStressTest
@Outcome(
    id = {"true, false", "false, true"},
    expect = ACCEPTABLE,
    desc = "one may")
@Outcome(id = "true, true", expect = FORBIDDEN, desc = "two write into the same buffers (I-17)")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "neither dumps")
@State
public class LockAgainstLock {
  private final DumpLock lock = new DumpLock(NanoClock.SYSTEM, null);

  @Actor
  public void one(ZZ_Result r) {
    r.r1 = lock.tryLock();
  }

  @Actor
  public void other(ZZ_Result r) {
    r.r2 = lock.tryLock();
  }
}
