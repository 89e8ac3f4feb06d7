// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.EfiStatus;
import java.util.Objects;

/**
 * The answer to a runtime service call: the EFI status and what became of the call.
 *
 * <p>An immutable value. {@link #completed} and {@link #refused} return shared instances for every
 * status the specification names and for every other outcome, so a call in steady state allocates
 * none.
 *
 * @param status firmware's own status if {@code outcome} is COMPLETED, otherwise the one that goes
 *     with the outcome
 * @param outcome what became of the call
 * @param firmwareEntered whether firmware was entered; if not, the call changed nothing
 * @param firmwareMayStillWrite whether firmware may still be inside and write to memory that the
 *     arguments point to; can be true for ABI calls only, since typed calls own what they point to
 */
public record CallResult(
    EfiStatus status, Outcome outcome, boolean firmwareEntered, boolean firmwareMayStillWrite) {

  private static final Outcome[] OUTCOMES = Outcome.values();
  private static final CallResult[] COMPLETED_ERRORS = new CallResult[64];
  private static final CallResult[] COMPLETED_WARNINGS = new CallResult[64];
  private static final CallResult[] REFUSED = new CallResult[4 * OUTCOMES.length];

  static {
    for (int code = 0; code < COMPLETED_ERRORS.length; code++) {
      COMPLETED_ERRORS[code] = ofFirmware(EfiStatus.of(Long.MIN_VALUE | code));
      COMPLETED_WARNINGS[code] = ofFirmware(EfiStatus.of(code));
    }
    for (Outcome outcome : OUTCOMES) {
      if (outcome != Outcome.COMPLETED) {
        REFUSED[index(outcome, false, false)] =
            new CallResult(outcome.status(), outcome, false, false);
        if (outcome.possibleInside()) {
          REFUSED[index(outcome, true, false)] =
              new CallResult(outcome.status(), outcome, true, false);
          REFUSED[index(outcome, true, true)] =
              new CallResult(outcome.status(), outcome, true, true);
        }
      }
    }
  }

  /**
   * Checks that status and outcome agree.
   *
   * @throws IllegalArgumentException if the status does not go with the outcome, an outcome that
   *     means nothing happened is said to have entered firmware, or firmware that returned or was
   *     never entered is said to be still writing
   */
  public CallResult {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(outcome, "outcome");
    boolean returned = outcome == Outcome.COMPLETED;
    if (!returned && !outcome.status().equals(status)) {
      throw new IllegalArgumentException(
          "status must go with the outcome: status=" + status + ", outcome=" + outcome);
    }
    boolean consistent =
        returned
            ? firmwareEntered && !firmwareMayStillWrite
            : firmwareEntered ? outcome.possibleInside() : !firmwareMayStillWrite;
    if (!consistent) {
      throw new IllegalArgumentException(
          "entry must go with the outcome: outcome="
              + outcome
              + ", firmwareEntered="
              + firmwareEntered
              + ", firmwareMayStillWrite="
              + firmwareMayStillWrite);
    }
  }

  private static int index(Outcome outcome, boolean entered, boolean mayStillWrite) {
    return 4 * outcome.ordinal() + (entered ? 1 : 0) + (mayStillWrite ? 2 : 0);
  }

  private static CallResult ofFirmware(EfiStatus status) {
    return new CallResult(status, Outcome.COMPLETED, true, false);
  }

  /**
   * The result of a call that firmware answered. Allocates only for a status the specification does
   * not name.
   *
   * @param rawStatus the EFI_STATUS word
   * @return the result
   */
  public static CallResult completed(long rawStatus) {
    long code = rawStatus & Long.MAX_VALUE;
    if (code < COMPLETED_ERRORS.length) {
      return (rawStatus < 0 ? COMPLETED_ERRORS : COMPLETED_WARNINGS)[(int) code];
    }
    return ofFirmware(EfiStatus.of(rawStatus));
  }

  /**
   * The result of a call that firmware did not answer. Never allocates.
   *
   * @param outcome any outcome but COMPLETED
   * @param firmwareEntered whether firmware was entered
   * @param firmwareMayStillWrite whether it may still write to the caller's memory
   * @return the result
   * @throws IllegalArgumentException if the three do not go together
   */
  public static CallResult refused(
      Outcome outcome, boolean firmwareEntered, boolean firmwareMayStillWrite) {
    CallResult result = REFUSED[index(outcome, firmwareEntered, firmwareMayStillWrite)];
    if (result == null) {
      throw new IllegalArgumentException(
          "entry must go with the outcome: outcome="
              + outcome
              + ", firmwareEntered="
              + firmwareEntered
              + ", firmwareMayStillWrite="
              + firmwareMayStillWrite);
    }
    return result;
  }

  /**
   * Whether firmware answered EFI_SUCCESS.
   *
   * @return true for EFI_SUCCESS, false for errors, warnings and refusals
   */
  public boolean isSuccess() {
    return status.raw() == 0;
  }

  @Override
  public String toString() {
    return outcome == Outcome.COMPLETED
        ? status.name()
        : status.name()
            + " ("
            + outcome
            + (firmwareEntered ? ", firmware was entered" : ", firmware was not entered")
            + (firmwareMayStillWrite ? " and may still write)" : ")");
  }
}
