// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import io.efirts.dispatch.mode.DispatcherMode;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever three threads do to the gate at the same time, it answers as if they had come one after
 * the other to {@link GateModel}, which has one owner at a time (I-1) and is left by that owner
 * only (I-10). Lincheck makes up what they do, from every operation the gate has; each thread keeps
 * the token of its own last acquisition, also when that was fenced long ago.
 *
 * <p>The model checker tries interleavings one by one and sees no reordering of memory; the stress
 * test runs on real threads and sees that too. The model checker also requires that a thread which
 * is alone for long enough comes to an end, wherever the others were stopped (I-4).
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "target", gen = IntGen.class, conf = "1:2")
@Param(name = "token", gen = IntGen.class, conf = "1:4")
@Param(name = "flag", gen = BooleanGen.class)
@Timeout(300)
public class GateLinearizabilityTest {
  /** Three, and the one that prepares and looks afterwards. */
  static final int MOST_THREADS = 5;

  private final FirmwareGate gate = new FirmwareGate();
  private final long[] tokens = new long[MOST_THREADS];

  @Operation(params = {"thread", "target"})
  public long tryAcquire(int thread, int target) {
    return kept(thread, gate.tryAcquire(target));
  }

  @Operation(params = {"thread", "target"})
  public long tryAcquireAsWorker(int thread, int target) {
    return kept(thread, gate.tryAcquireAsWorker(target));
  }

  @Operation(params = {"thread", "target"})
  public long tryAcquireForReset(int thread, int target) {
    return kept(thread, gate.tryAcquireForReset(target));
  }

  @Operation(params = {"thread"})
  public long seize(int thread) {
    return kept(thread, gate.seize());
  }

  @Operation(params = {"thread", "flag", "target"})
  public long seizeForReset(int thread, boolean wedged, int target) {
    GatePhase from = wedged ? GatePhase.WEDGED : GatePhase.FREE;
    return kept(thread, gate.seizeForReset(from, target));
  }

  private long kept(int thread, long token) {
    if (token != FirmwareGate.NOT_ACQUIRED) {
      tokens[thread] = token;
    }
    return token;
  }

  @Operation(params = {"thread"})
  public boolean enter(int thread) {
    return gate.enter(tokens[thread]);
  }

  @Operation(params = {"thread"})
  public boolean exit(int thread) {
    return gate.exit(tokens[thread]);
  }

  @Operation(params = {"thread"})
  public boolean release(int thread) {
    return gate.release(tokens[thread]);
  }

  @Operation
  public void releaseAsWorker() {
    gate.releaseAsWorker();
  }

  @Operation
  public void withdrawWaiter() {
    gate.withdrawWaiter();
  }

  @Operation
  public void withdrawResetWaiter() {
    gate.withdrawResetWaiter();
  }

  @Operation(params = {"token"})
  public boolean wedge(int token) {
    return gate.wedge(token);
  }

  @Operation(runOnce = true)
  public void damaged() {
    gate.damaged();
  }

  @Operation(runOnce = true)
  public void workerDied() {
    gate.workerDied();
  }

  @Operation(runOnce = true)
  public boolean drain() {
    return gate.changeMode(DispatcherMode.OPEN, DispatcherMode.DRAINING);
  }

  @Operation(runOnce = true)
  public boolean close() {
    return gate.changeMode(DispatcherMode.DRAINING, DispatcherMode.CLOSED);
  }

  @Operation(
      runOnce = true,
      params = {"flag"})
  public boolean emergency(boolean disabled) {
    return gate.changeMode(
        disabled ? DispatcherMode.DISABLED : DispatcherMode.OPEN, DispatcherMode.EMERGENCY);
  }

  @Operation(runOnce = true)
  public boolean endEmergency() {
    return gate.changeMode(DispatcherMode.EMERGENCY, DispatcherMode.DEAD);
  }

  @Operation(runOnce = true)
  public boolean replace() {
    return gate.replace();
  }

  @Operation
  public String look() {
    long word = gate.word();
    return words(
        GateWord.mode(word),
        GateWord.phase(word),
        GateWord.owner(word),
        GateWord.target(word),
        GateWord.token(word),
        GateWord.waiter(word),
        GateWord.resetWaiter(word),
        GateWord.damaged(word));
  }

  static String words(
      DispatcherMode mode,
      GatePhase phase,
      GateOwner owner,
      int target,
      long token,
      boolean waiter,
      boolean resetWaiter,
      boolean damaged) {
    return mode
        + (damaged ? " damaged " : " ")
        + phase
        + " "
        + owner
        + target
        + "#"
        + token
        + (waiter ? " worker waits" : "")
        + (resetWaiter ? " reset waits" : "");
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
        .sequentialSpecification(GateModel.class)
        .check(GateLinearizabilityTest.class);
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
        .sequentialSpecification(GateModel.class)
        .check(GateLinearizabilityTest.class);
  }
}
