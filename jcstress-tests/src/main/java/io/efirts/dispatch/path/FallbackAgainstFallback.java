// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.path;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.efirts.api.spec.ResetType;
import io.efirts.dispatch.entry.BareEntry;
import io.efirts.dispatch.entry.PendingCapsule;
import io.efirts.stress.Meeting;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Two threads reset by the fallbacks: one tries them at a time, and none again once one of them
 * resets; if none could, a later one may try (I-18).
 */
@JCStressTest
@Outcome(
    id = "true, false, alone, over",
    expect = ACCEPTABLE,
    desc = "a reset is under way, and nobody tries another")
@Outcome(
    id = "false, false, alone, again",
    expect = ACCEPTABLE,
    desc = "the first found the other one at it, which could not reset")
@Outcome(
    id = ".*, together, .*",
    expect = FORBIDDEN,
    desc = "two threads were in the embedder's reset at the same time")
@Outcome(id = "true, false, .*, again", expect = FORBIDDEN, desc = "reset twice")
@Outcome(id = "false, .*, over", expect = FORBIDDEN, desc = "nobody can reset any more (I-18)")
@State
public class FallbackAgainstFallback {
  private static final PendingCapsule NO_CAPSULE = new PendingCapsule();

  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger tries = new AtomicInteger();
  private final Meeting meeting = new Meeting();
  private volatile boolean together;
  private final ResetFallbacks fallbacks =
      new ResetFallbacks(List.of(this::fallback), NO_CAPSULE, BareEntry.OBSERVER);

  /** Can make cold resets. */
  private boolean fallback(ResetType type) {
    tries.incrementAndGet();
    if (inside.incrementAndGet() != 1) {
      together = true;
    }
    inside.decrementAndGet();
    return type == ResetType.COLD;
  }

  @Actor
  public void cold(ZZL_Result r) {
    meeting.arrive();
    r.r1 = fallbacks.reset(ResetType.COLD);
  }

  @Actor
  public void warm(ZZL_Result r) {
    meeting.arrive();
    r.r2 = fallbacks.reset(ResetType.WARM);
  }

  @Arbiter
  public void again(ZZL_Result r) {
    int before = tries.get();
    fallbacks.reset(ResetType.COLD);
    r.r3 = (together ? "together" : "alone") + (tries.get() == before ? ", over" : ", again");
  }
}
