// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.FrameArguments;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What firmware does to a call whose caller has left reaches nobody, and the call comes back. */
@Timeout(60)
class AbandonedCallTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  private final ScriptedFirmware firmware = new ScriptedFirmware();

  /** Answers the variable "late" with sevens and any other with ones. */
  private static long answer(CallFrame frame) {
    boolean late = FrameArguments.name(frame, 0).equals("late");
    byte fill = (byte) (late ? 7 : 1);
    frame.memory().putInt(frame.word(2), fill);
    frame.memory().putLong(frame.word(3), 4);
    FrameArguments.write(frame, 4, fill, fill, fill, fill);
    return EfiStatusCode.SUCCESS;
  }

  /**
   * Calls until a call got inside: a deadline that short can also pass before the call is made, on
   * a busy machine.
   */
  private static CallerThread<CallResult> callUntilInside(Supplier<CallResult> call) {
    return CallerThread.start(
        () -> {
          CallResult result = call.get();
          while (!result.firmwareEntered()) {
            result = call.get();
          }
          return result;
        });
  }

  /** I-7, I-8: the only call there is, so the next caller gets the same work item. */
  @Test
  void lateWritesReachNeitherTheirCallerNorTheNext() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold(AbandonedCallTest::answer);
    firmware.on(RuntimeService.GET_VARIABLE, hold);
    byte[] late = new byte[4];
    IntHolder lateAttributes = new IntHolder();
    LongHolder lateSize = new LongHolder(4);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).calls(1).start();
        hold) {
      CallerThread<CallResult> leaving =
          callUntilInside(
              () ->
                  dispatcher
                      .runtimeServices(Duration.ofMillis(20))
                      .getVariable(
                          "late", GUID, lateAttributes, lateSize, MemorySegment.ofArray(late)));
      hold.awaitEntered();
      assertEquals(CallResult.refused(Outcome.TIMED_OUT, true, false), leaving.result());
      byte[] next = new byte[4];
      IntHolder attributes = new IntHolder();
      CallerThread<CallResult> following =
          CallerThread.start(
              () ->
                  dispatcher
                      .runtimeServices()
                      .getVariable(
                          "next",
                          GUID,
                          attributes,
                          new LongHolder(4),
                          MemorySegment.ofArray(next)));
      following.awaitParked();
      hold.release();
      assertTrue(following.result().isSuccess());
      assertArrayEquals(new byte[] {1, 1, 1, 1}, next);
      assertEquals(1, attributes.value);
    }
    assertArrayEquals(new byte[4], late);
    assertEquals(0, lateAttributes.value);
    assertEquals(4, lateSize.value);
  }

  /** I-7: with one call to lend, more rounds than it has generations to mix up. */
  @Test
  void everyAbandonedCallComesBack() throws InterruptedException {
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).calls(1).start()) {
      for (int round = 0; round < 10; round++) {
        FirmwareHold hold = new FirmwareHold(frame -> EfiStatusCode.ABORTED);
        try (hold) {
          firmware.on(RuntimeService.SET_TIME, hold);
          CallerThread<CallResult> leaving =
              callUntilInside(
                  () ->
                      dispatcher
                          .abi(Duration.ofMillis(5))
                          .call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
          hold.awaitEntered();
          assertEquals(CallResult.refused(Outcome.TIMED_OUT, true, true), leaving.result());
        }
        firmware.onVendor(1, frame -> frame.word(0));
        CallResult own = dispatcher.abi().callVendor(1, 1, round, 0, 0, 0, 0, 0);
        assertEquals(EfiStatus.of(round), own.status());
      }
    }
  }

  /** I-12: a fault disables, also when nobody waits for the call any more. */
  @Test
  void aFaultOfAnAbandonedCallDisablesToo() throws InterruptedException {
    FirmwareHold hold =
        new FirmwareHold(
            frame -> {
              throw new IllegalStateException("late");
            });
    firmware.on(RuntimeService.SET_TIME, hold);
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).calls(2).start();
        hold) {
      CallerThread<CallResult> leaving =
          callUntilInside(
              () ->
                  dispatcher
                      .abi(Duration.ofMillis(5))
                      .call(RuntimeService.SET_TIME, 0, 0, 0, 0, 0));
      hold.awaitEntered();
      assertEquals(CallResult.refused(Outcome.TIMED_OUT, true, true), leaving.result());
      CallerThread<CallResult> following =
          CallerThread.start(() -> dispatcher.abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0));
      following.awaitParked();
      hold.release();
      assertEquals(CallResult.refused(Outcome.DISABLED, false, false), following.result());
      assertEquals("late", dispatcher.fault().orElseThrow().thrown().getMessage());
    }
    assertEquals(1, firmware.entries());
  }
}
