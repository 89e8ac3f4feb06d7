// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.dispatch.linearizability.Scenario;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The protocol around a pool of calls with little else, so that the model checker gets far: callers
 * who leave in whatever state their call is, the worker that makes it, and a close that sweeps.
 *
 * <p>Whatever meets, each caller gets its own result or a refusal that says whether firmware may
 * still write (I-7), nobody is lent a call that somebody else has, and in the end each call is back
 * in the pool exactly once (I-27). The operations check that themselves; any order of them is
 * right.
 */
@Param(name = "argument", gen = IntGen.class, conf = "1:9")
@Timeout(300)
public class CallPoolLinearizabilityTest {
  private static final int CALLS = 2;
  private static final int ITEM_BYTES = 4096;
  private static final long FIRST_ADDRESS = 0x10_0000;

  /** What the ring carries. */
  private record Slot(DispatchCall call, long generation) {}

  private final CallPool pool =
      new CallPool(
          new CallMemory(
              MemorySegment.ofArray(new byte[CALLS * ITEM_BYTES]),
              FIRST_ADDRESS,
              new PhysicalAddress(FIRST_ADDRESS)),
          0,
          ITEM_BYTES,
          CALLS);
  private final ConcurrentLinkedQueue<Slot> ring = new ConcurrentLinkedQueue<>();

  /** What each call was packed with: plain, since nobody but caller and worker may touch it. */
  private final int[] packed = new int[CALLS];

  @Operation(params = {"argument"})
  public void call(int argument) {
    DispatchCall call = pool.take();
    if (call == null) {
      return;
    }
    long generation = call.generation();
    packed[index(call)] = argument;
    call.queue(generation);
    ring.add(new Slot(call, generation));
    // A deadline that is some looks away.
    CallResult early = null;
    for (int look = 0; look < argument && early == null; look++) {
      Thread.onSpinWait();
      early = call.completedResult(generation);
    }
    require(early == null || early.status().raw() == argument, "a result must be the caller's own");
    boolean abandoned =
        !call.cancel(generation, Outcome.TIMED_OUT) && call.abandon(generation, Outcome.TIMED_OUT);
    CallResult result = call.ended(generation);
    require(result != null, "a call that cannot be ended must have ended");
    require(abandoned == result.firmwareMayStillWrite(), "who abandoned a call must be told so");
    require(
        result.outcome() != Outcome.COMPLETED || result.status().raw() == argument,
        "a result must be the caller's own");
    pool.giveBack(call, generation);
  }

  @Operation(nonParallelGroup = "worker")
  public void work() {
    Slot slot = ring.poll();
    if (slot == null || !slot.call.claim(slot.generation)) {
      return;
    }
    int argument = packed[index(slot.call)];
    if (!slot.call.complete(slot.generation, CallResult.completed(argument))) {
      // Firmware may still have been writing until now.
      require(argument == packed[index(slot.call)], "an abandoned call must not be lent");
      pool.giveBackAbandoned(slot.call, slot.generation);
    }
  }

  @Operation
  public void sweep() {
    pool.sweep(Outcome.CLOSED);
  }

  @Validate
  public void everyCallIsBackOnce() {
    Set<Integer> back = new HashSet<>();
    for (DispatchCall call = pool.take(); call != null; call = pool.take()) {
      require(back.add(index(call)), "a call must be in the pool once");
    }
    require(back.size() == CALLS, "each call must be in the pool");
  }

  private static int index(DispatchCall call) {
    return (int) ((call.item().firmwareAddressOf(0) - FIRST_ADDRESS) / ITEM_BYTES);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException(rule);
    }
  }

  /** All there is to know about an order of operations without answers. */
  public static final class Model {
    /** A pool that always has a call. */
    public Model() {}

    public void call(int argument) {}

    public void work() {}

    public void sweep() {}
  }

  @Test
  void interleavingsBringEveryCallBack() {
    Scenario callersAndWorker = new Scenario(CallPoolLinearizabilityTest.class);
    Scenario callersWorkerAndSweep = new Scenario(CallPoolLinearizabilityTest.class);
    new ModelCheckingOptions()
        .iterations(0)
        .addCustomScenario(
            callersAndWorker
                .thread(callersAndWorker.step("call", 1), callersAndWorker.step("call", 2))
                .thread(callersAndWorker.step("work"), callersAndWorker.step("work"))
                .build())
        .addCustomScenario(
            callersWorkerAndSweep
                .thread(callersWorkerAndSweep.step("call", 1))
                .thread(callersWorkerAndSweep.step("work"), callersWorkerAndSweep.step("work"))
                .thread(callersWorkerAndSweep.step("sweep"), callersWorkerAndSweep.step("call", 2))
                .build())
        .invocationsPerIteration(1_000)
        // Other people's queues: what is between their steps is theirs to prove.
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses(
                    MpmcAtomicArrayQueue.class.getName(), ConcurrentLinkedQueue.class.getName())
                .allMethods()
                .treatAsAtomic())
        .sequentialSpecification(Model.class)
        .check(CallPoolLinearizabilityTest.class);
  }
}
