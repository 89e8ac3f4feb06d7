// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.linearizability;

import io.efirts.dispatch.Dispatcher;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The dispatcher as it is used, with worker and watch, on real threads and with their reorderings
 * of memory: a new one for each run, which is closed in the middle of the calls or after them.
 */
@Timeout(300)
public class ThreadedDispatcherLinearizabilityTest extends CountersOperations {
  /** About as long as a call takes: some make it, some do not. */
  private static final Duration TIGHT = Duration.ofNanos(20_000);

  public ThreadedDispatcherLinearizabilityTest() {
    super(Dispatcher.builder().firmware(new Counters()).calls(2).bufferBytes(1024).start(), TIGHT);
  }

  /** Ends the threads, unless a close has done so before. */
  @Validate
  public void threadsEnd() {
    dispatcher().close();
  }

  @Test
  void runsOnRealThreadsAreOrdersOfTheModel() {
    new StressOptions()
        .iterations(20)
        .invocationsPerIteration(100)
        .threads(3)
        .actorsBefore(1)
        .actorsPerThread(3)
        .actorsAfter(2)
        .sequentialSpecification(CountersModel.class)
        .check(ThreadedDispatcherLinearizabilityTest.class);
  }
}
