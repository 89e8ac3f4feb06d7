// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.RuntimeCall;
import java.lang.foreign.MemorySegment;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A caller, the worker and anybody who ends calls (a deadline, a close, a panic, the watch) meet at
 * one call through several generations: it goes through the states of {@link CallModel} as if they
 * had come one after the other. So exactly one of them ends it and exactly one delivers it (I-27),
 * and its caller gets the result of its own generation (I-7).
 *
 * <p>The caller's part and the worker's are done by one thread each: that is what lending a call
 * and claiming it mean. Whoever claims the delivery gives the call back. The call is queued
 * already, in its second generation, so that an older one can be named.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "result", gen = IntGen.class, conf = "1:9")
@Timeout(300)
public class CallLinearizabilityTest {
  /** Three, and the one that prepares and looks afterwards. */
  static final int MOST_THREADS = 5;

  private final DispatchCall call =
      new DispatchCall(new RuntimeCall(MemorySegment.ofArray(new byte[4096]), 0x1000, 0x1000));

  /** Which generation was published last. */
  private volatile long published;

  /** Which generation's delivery each thread claimed and has not made yet, 0 for none. */
  private final long[] delivering = new long[MOST_THREADS];

  /** Which generation the worker has, 0 for none; its own. */
  private long claimed;

  /** Whether that was abandoned; the worker's own. */
  private boolean late;

  public CallLinearizabilityTest() {
    call.queue(1);
    call.cancel(1, Outcome.TIMED_OUT);
    call.claimDelivery(1);
    call.handBackByCaller(1);
    publish();
  }

  @Operation(nonParallelGroup = "caller")
  public final long publish() {
    long generation = call.generation();
    if (published == generation) {
      return 0;
    }
    published = generation;
    call.queue(generation);
    return generation;
  }

  @Operation(params = {"thread"})
  public String claimDelivery(int thread) {
    long generation = published;
    if (delivering[thread] != 0 || !call.claimDelivery(generation)) {
      return "not mine";
    }
    delivering[thread] = generation;
    CallResult result = call.ended(generation);
    return result.outcome() == Outcome.COMPLETED
        ? "done " + result.status().raw()
        : "refused, firmware was entered: " + result.firmwareEntered();
  }

  @Operation(params = {"thread"})
  public boolean giveBack(int thread) {
    long generation = delivering[thread];
    delivering[thread] = 0;
    return generation != 0 && call.handBackByCaller(generation);
  }

  @Operation(nonParallelGroup = "worker")
  public boolean claim() {
    long generation = published;
    if (claimed != 0 || !call.claim(generation)) {
      return false;
    }
    claimed = generation;
    return true;
  }

  @Operation(
      nonParallelGroup = "worker",
      params = {"result"})
  public boolean complete(int result) {
    if (claimed == 0 || late) {
      return false;
    }
    if (!call.complete(claimed, CallResult.completed(result))) {
      late = true;
      return false;
    }
    claimed = 0;
    return true;
  }

  @Operation(nonParallelGroup = "worker")
  public boolean comeBack() {
    if (!late) {
      return false;
    }
    boolean renewed = call.handBackByWorker(claimed);
    late = false;
    claimed = 0;
    return renewed;
  }

  @Operation
  public boolean cancel() {
    return call.cancel(published, Outcome.TIMED_OUT);
  }

  @Operation
  public boolean abandon() {
    return call.abandon(published, Outcome.TIMED_OUT);
  }

  @Operation
  public void sweep() {
    call.cancelIfQueued(Outcome.CLOSED);
  }

  @Operation
  public boolean touchOldGeneration() {
    return call.claim(1)
        || call.cancel(1, Outcome.CANCELLED)
        || call.abandon(1, Outcome.CLOSED)
        || call.claimDelivery(1)
        || call.hasEnded(1);
  }

  @Test
  void interleavingsAreOrdersOfTheModel() {
    new ModelCheckingOptions()
        .iterations(30)
        .invocationsPerIteration(100)
        .threads(3)
        .actorsBefore(2)
        .actorsPerThread(3)
        .actorsAfter(1)
        .checkObstructionFreedom(true)
        .sequentialSpecification(CallModel.class)
        .check(CallLinearizabilityTest.class);
  }

  @Test
  void runsOnRealThreadsAreOrdersOfTheModel() {
    new StressOptions()
        .iterations(30)
        .invocationsPerIteration(300)
        .threads(3)
        .actorsBefore(2)
        .actorsPerThread(3)
        .actorsAfter(1)
        .sequentialSpecification(CallModel.class)
        .check(CallLinearizabilityTest.class);
  }
}
