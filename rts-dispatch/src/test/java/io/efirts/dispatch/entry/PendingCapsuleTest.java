// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static io.efirts.api.spec.EfiCapsuleHeader.PERSIST_ACROSS_RESET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Step;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.GuestPage;
import io.efirts.testkit.step.StepLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** I-26: which capsules are passed on, and what they mean for the next reset. */
class PendingCapsuleTest {
  private static final int COLD = ResetType.COLD.code();
  private static final int WARM = ResetType.WARM.code();
  private static final CallResult REFUSED =
      CallResult.refused(Outcome.CAPSULE_REFUSED, false, false);

  private final GuestPage page = new GuestPage();
  private final CapsuleFirmware firmware = new CapsuleFirmware();
  private final StepLog steps = new StepLog();
  private final List<ResetType> hooks = new ArrayList<>();
  private final Dispatcher dispatcher =
      Dispatcher.builder()
          .firmware(() -> page.with(firmware))
          .calls(4)
          .invoker()
          .stepHook(steps)
          .rebootHook(hooks::add)
          .start();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private CallResult update(CapsulePath path, int needs) {
    firmware.needs = needs;
    return path.update(dispatcher, page, PERSIST_ACROSS_RESET);
  }

  private void reset(ResetType type) {
    dispatcher.runtimeServices().resetSystem(type, EfiStatus.SUCCESS, null);
  }

  @ParameterizedTest
  @EnumSource(CapsulePath.class)
  void firmwareIsAskedInTheSameHold(CapsulePath path) {
    assertTrue(update(path, WARM).isSuccess());
    assertEquals(
        List.of(RuntimeService.QUERY_CAPSULE_CAPABILITIES, RuntimeService.UPDATE_CAPSULE),
        firmware.calls);
    assertEquals(1, steps.count(Step.GATE_ENTERED));
  }

  @ParameterizedTest
  @EnumSource(CapsulePath.class)
  void itsTypeWins(CapsulePath path) {
    update(path, WARM);
    reset(ResetType.COLD);
    dispatcher.abi().call(RuntimeService.RESET_SYSTEM, ResetType.SHUTDOWN.code(), 0, 0, 0, 0);
    dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 77, 0, 0, 0, 0);
    assertEquals(List.of(1L, 1L, 1L), firmware.resets);
    assertEquals(List.of(ResetType.WARM, ResetType.WARM, ResetType.WARM), hooks);
  }

  @Test
  void itsTypeWinsInAnEmergencyToo() {
    update(CapsulePath.TYPED, WARM);
    dispatcher.beginEmergency(Duration.ZERO).resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
    assertEquals(List.of(1L), firmware.resets);
  }

  @ParameterizedTest
  @EnumSource(CapsulePath.class)
  void aSecondOneMustNeedTheSameType(CapsulePath path) {
    assertTrue(update(path, WARM).isSuccess());
    assertEquals(REFUSED, update(path, COLD));
    assertEquals(EfiStatus.INVALID_PARAMETER, REFUSED.status());
    assertTrue(update(path, WARM).isSuccess());
    assertEquals(2, updates());
  }

  @ParameterizedTest
  @EnumSource(CapsulePath.class)
  void aFailureOfTheQuestionIsTheAnswer(CapsulePath path) {
    firmware.queryStatus = EfiStatus.OUT_OF_RESOURCES.raw();
    assertEquals(CallResult.completed(EfiStatus.OUT_OF_RESOURCES.raw()), update(path, WARM));
    assertEquals(0, updates());
  }

  @ParameterizedTest
  @EnumSource(CapsulePath.class)
  void oneThatFirmwareDidNotTakeIsNotPending(CapsulePath path) {
    firmware.updateStatus = EfiStatus.DEVICE_ERROR.raw();
    assertEquals(EfiStatus.DEVICE_ERROR, update(path, WARM).status());
    firmware.updateStatus = 0;
    assertTrue(update(path, COLD).isSuccess(), "no conflict");
    reset(ResetType.SHUTDOWN);
    assertEquals(List.of((long) COLD), firmware.resets);
  }

  @ParameterizedTest
  @EnumSource(CapsulePath.class)
  void oneThatIsProcessedAtOnceIsNotAskedAbout(CapsulePath path) {
    firmware.needs = WARM;
    assertTrue(path.update(dispatcher, page, 0xFFFF).isSuccess());
    assertEquals(List.of(RuntimeService.UPDATE_CAPSULE), firmware.calls);
    reset(ResetType.SHUTDOWN);
    assertEquals(List.of((long) ResetType.SHUTDOWN.code()), firmware.resets);
  }

  @ParameterizedTest
  @EnumSource(CapsulePath.class)
  void noneIsTakenOnceAResetHasBegun(CapsulePath path) {
    reset(ResetType.COLD);
    assertEquals(REFUSED, update(path, COLD));
    assertEquals(REFUSED, path.update(dispatcher, page, 0));
    assertEquals(List.of(RuntimeService.RESET_SYSTEM), firmware.calls);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 99, -1, Integer.MIN_VALUE})
  void oneThatNeedsATypeNobodyKnowsIsRefused(int needs) {
    assertEquals(REFUSED, update(CapsulePath.TYPED, needs));
    assertEquals(0, updates());
  }

  @Test
  void headersThatCannotBeReadAreLeftToFirmware() {
    long nowhere = 0x7777_0000L;
    CapsulePath.write(page, PERSIST_ACROSS_RESET);
    for (long[] words : new long[][] {{nowhere, 1}, {0, 1}, {CapsulePath.ARRAY, 0}}) {
      assertTrue(
          dispatcher
              .abi()
              .call(RuntimeService.UPDATE_CAPSULE, words[0], words[1], 0, 0, 0)
              .isSuccess());
    }
    page.bytes().fill((byte) 0x77);
    assertTrue(
        dispatcher
            .abi()
            .call(RuntimeService.UPDATE_CAPSULE, CapsulePath.ARRAY, 1, 0, 0, 0)
            .isSuccess());
    assertEquals(4, updates());
    assertEquals(4, firmware.calls.size());
  }

  private long updates() {
    return firmware.calls.stream().filter(RuntimeService.UPDATE_CAPSULE::equals).count();
  }
}
