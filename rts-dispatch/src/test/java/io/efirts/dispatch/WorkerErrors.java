// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.StepHooks;
import io.efirts.testkit.step.StepStop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the worker's steps are, how each is brought about, and which errors it can be met by. */
final class WorkerErrors {
  /** Steps of every call. */
  private static final List<Step> ALWAYS =
      List.of(
          Step.GATE_ENTERED,
          Step.CALL_CLAIMED,
          Step.GATE_RELEASED,
          Step.CALL_RESULT_WRITTEN,
          Step.CALL_DONE);

  /** Steps of calls that wait for the gate, fault, or come back after their caller has left. */
  private static final List<Step> SOMETIMES =
      List.of(Step.GATE_AWAITED, Step.GATE_DAMAGED, Step.CALL_RETURNED, Step.CALL_RENEWED);

  /** Not one of the errors that the JVM throws by itself. */
  static final class CustomError extends Error {
    private static final long serialVersionUID = 1;
  }

  private WorkerErrors() {}

  /** Every step, the first time and the second, with every kind of error. */
  static Stream<Arguments> all() {
    List<Supplier<Error>> errors =
        List.of(StackOverflowError::new, OutOfMemoryError::new, CustomError::new);
    return Stream.concat(ALWAYS.stream(), SOMETIMES.stream())
        .flatMap(
            step ->
                Stream.of(1, 2)
                    .filter(number -> number == 1 || ALWAYS.contains(step))
                    .flatMap(
                        number ->
                            errors.stream().map(error -> Arguments.of(step, number, error.get()))));
  }

  /**
   * Calls in every style that make the worker make a step, some of them at the same time.
   *
   * @return their results, each waited for
   */
  static List<CallResult> calls(
      Step step, Dispatcher dispatcher, ScriptedFirmware firmware, StepHooks hooks)
      throws InterruptedException {
    FirmwareHold hold =
        step == Step.GATE_DAMAGED
            ? new FirmwareHold(FirmwareThrows.error(new AssertionError("injected")))
            : new FirmwareHold();
    firmware.on(RuntimeService.SET_TIME, hold).on(RuntimeService.SET_VARIABLE, hold);
    StepStop leaving =
        new StepStop(
            Occurrence.first(Step.CALL_ABANDONED)
                .by(thread -> step == Step.CALL_RETURNED && thread.getName().equals("caller")));
    hooks.add(leaving);
    List<CallerThread<CallResult>> callers = new ArrayList<>();
    try (hold;
        leaving) {
      switch (step) {
        case GATE_AWAITED -> {
          callers.add(CallerThread.start(() -> setVariable(dispatcher)));
          hold.awaitEntered();
        }
        case GATE_DAMAGED -> callers.add(CallerThread.start(() -> setTime(dispatcher)));
        case CALL_RETURNED -> {
          callers.add(CallerThread.start(() -> setTime(dispatcher)));
          leaving.awaitStopped();
        }
        case CALL_RENEWED -> {
          // Its caller has left before it comes back: the worker gives it back.
          callers.add(CallerThread.start(() -> setTime(dispatcher)));
          callers.getFirst().result();
        }
        default -> {}
      }
      RecordedEnds ends = new RecordedEnds();
      PendingCall handled = dispatcher.asyncAbi().newPendingCall(ends);
      if (!start(dispatcher, handled)) {
        ends.completed(handled.poll());
      }
      PendingCall polled = dispatcher.asyncAbi().newPendingCall();
      start(dispatcher, polled);
      callers.add(CallerThread.start(() -> vendor(dispatcher)));
      callers.add(CallerThread.start(() -> vendor(dispatcher)));
      List<CallResult> results = new ArrayList<>();
      if (step == Step.GATE_AWAITED) {
        // The error has ended it: the worker has met the taken gate.
        results.add(ends.await().result());
        hold.release();
      } else {
        hold.release();
        results.add(ends.await().result());
      }
      leaving.release();
      Eventually.isTrue("a polled call must end", () -> polled.poll() != null);
      results.add(polled.poll());
      for (CallerThread<CallResult> caller : callers) {
        results.add(caller.result());
      }
      return results;
    }
  }

  static CallResult vendor(Dispatcher dispatcher) {
    return dispatcher.abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0);
  }

  static CallResult setVariable(Dispatcher dispatcher) {
    return dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null);
  }

  /** On a busy machine the deadline can pass before the worker gets there: then again. */
  static CallResult setTime(Dispatcher dispatcher) {
    CallResult result;
    do {
      result = dispatcher.abi(Duration.ofMillis(5)).call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0);
    } while (!result.firmwareEntered()
        && (result.outcome() == Outcome.TIMED_OUT || result.outcome() == Outcome.BUSY));
    return result;
  }

  /** On a busy machine calls that timed out can fill the ring: then again. */
  private static boolean start(Dispatcher dispatcher, PendingCall call) {
    boolean started;
    do {
      started = dispatcher.asyncAbi().callVendor(call, 1, 0, 0, 0, 0, 0, 0, 0);
    } while (!started && call.poll().outcome() == Outcome.BUSY);
    return started;
  }
}
