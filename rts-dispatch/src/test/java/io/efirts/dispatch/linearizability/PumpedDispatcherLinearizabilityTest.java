// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.linearizability;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.dispatch.Dispatcher;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The dispatcher with everything in it, in invoker mode, on all interleavings that the model
 * checker gets to: whoever waits makes queued calls, so that no thread is left that it does not
 * control. The clock advances by one with each look at it, so a deadline may pass between any two
 * steps.
 *
 * <p>Finds on the way who waits for ever, and whether the gate is free in the end (I-10).
 */
@Timeout(300)
public class PumpedDispatcherLinearizabilityTest extends CountersOperations {
  /** More than a caller spins: a spin is not the livelock for which the model checker takes it. */
  private static final int MOST_ITERATIONS = 3_000;

  /** A caller looks at the clock when it borrows, and then once for each slice it waits. */
  private static final Duration THREE_LOOKS = Duration.ofNanos(3);

  public PumpedDispatcherLinearizabilityTest() {
    super(
        Dispatcher.builder()
            .firmware(new Counters())
            .calls(2)
            .bufferBytes(1024)
            .invoker()
            .clock(new AtomicLong()::incrementAndGet)
            .start(),
        THREE_LOOKS);
  }

  /** Everybody has come back: nobody can be inside, or waiting for the gate. */
  @Validate
  public void theGateIsFree() {
    LongHolder size = new LongHolder();
    CallResult result = dispatcher().nonBlocking().queryVariableInfo(6, size, size, size);
    if (result.outcome() == Outcome.BUSY) {
      throw new IllegalStateException("the gate must be free: result=" + result);
    }
  }

  @Test
  void interleavingsAreOrdersOfTheModel() {
    Scenario gate = new Scenario(PumpedDispatcherLinearizabilityTest.class);
    Scenario call = new Scenario(PumpedDispatcherLinearizabilityTest.class);
    Scenario results = new Scenario(PumpedDispatcherLinearizabilityTest.class);
    new ModelCheckingOptions()
        .iterations(2)
        .threads(3)
        .actorsBefore(0)
        .actorsPerThread(2)
        .actorsAfter(1)
        .addCustomScenario(
            gate.thread(gate.step("append", 0, 1))
                .thread(gate.step("appendAtOnce", 0, 2))
                .thread(gate.step("reset"))
                .afterwards(gate.step("get", 0))
                .build())
        .addCustomScenario(
            call.thread(call.step("append", 0, 1))
                .thread(call.step("getInTime", 0))
                .thread(call.step("close"))
                .build())
        .addCustomScenario(
            results
                .thread(results.step("getInTime", 0), results.step("append", 1, 2))
                .thread(results.step("append", 0, 1), results.step("get", 1))
                .afterwards(results.step("get", 0), results.step("get", 1))
                .build())
        .invocationsPerIteration(100)
        .loopBound(MOST_ITERATIONS)
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses(
                    PumpedDispatcherLinearizabilityTest::isBesideTheProtocol)
                .allMethods()
                .ignore())
        .sequentialSpecification(CountersModel.class)
        .check(PumpedDispatcherLinearizabilityTest.class);
  }

  /** What only the one who has a call or the gate uses, or nobody decides by. */
  private static boolean isBesideTheProtocol(String className) {
    return className.startsWith("io.efirts.api.call.")
        || className.startsWith("io.efirts.api.memory.")
        || className.startsWith("io.efirts.api.flat.")
        || className.startsWith("io.efirts.dispatch.observe.");
  }
}
