// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.spi.Step;
import org.junit.jupiter.api.Test;

/** The error is thrown at the chosen step, once. */
class StepThrowTest {
  @Test
  void theSecondStepThrowsAndNoOther() {
    Error error = new OutOfMemoryError("injected");
    StepThrow hook = new StepThrow(Occurrence.nth(Step.CALL_RESULT_WRITTEN, 2), error);
    hook.made(Step.CALL_RESULT_WRITTEN);
    hook.made(Step.CALL_DONE);
    assertNull(hook.thrownOn());
    assertSame(
        error, assertThrows(OutOfMemoryError.class, () -> hook.made(Step.CALL_RESULT_WRITTEN)));
    assertSame(Thread.currentThread(), hook.thrownOn());
    hook.made(Step.CALL_RESULT_WRITTEN);
  }
}
