// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.SequenceBarrier;
import io.efirts.stress.Finish;
import io.efirts.stress.Meeting;
import io.efirts.stress.ParkPermit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The worker parks at the moment a call is published: it sees the call or is woken. Without a full
 * fence on either side both could look too early, and the call would wait for the end of the park.
 */
@JCStressTest
@Outcome(id = "sees it", expect = ACCEPTABLE, desc = "looked once more and does not park")
@Outcome(
    id = "is woken",
    expect = ACCEPTABLE,
    desc = "parks; the publisher has seen the announcement")
@Outcome(
    id = "cannot tell",
    expect = ACCEPTABLE,
    desc = "the publisher's thread was stopped by the machine")
@Outcome(id = "sleeps", expect = FORBIDDEN, desc = "the worker sleeps beside a published call")
@State
public class ParkAgainstPublish {
  private final SpinThenPark strategy = new SpinThenPark(0);
  private final RingBuffer<CallSlot> ring =
      RingBuffer.createMultiProducer(CallSlot::new, 2, strategy);
  private final SequenceBarrier barrier = ring.newBarrier();
  private final Meeting meeting = new Meeting();
  private final Finish published = new Finish();

  /** The worker waits on this ring. */
  public ParkAgainstPublish() {
    strategy.bind(ring);
  }

  @Actor
  public void publisher() {
    long sequence = ring.next();
    meeting.arrive();
    ring.publish(sequence);
    published.reach();
  }

  @Actor
  public void worker(L_Result r) {
    meeting.arrive();
    boolean parks = strategy.mayPark(0, barrier);
    if (!published.await()) {
      r.r1 = "cannot tell";
    } else if (parks) {
      r.r1 = ParkPermit.take() ? "is woken" : "sleeps";
    } else {
      ParkPermit.drop();
      r.r1 = "sees it";
    }
  }
}
