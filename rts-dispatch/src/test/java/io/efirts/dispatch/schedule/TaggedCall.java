// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.dispatch.Dispatcher;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One call with a number of its own. Made by one thread; its end may come from any other.
 *
 * <p>Knows afterwards how often it ended and how, and what is in the holder that its result was to
 * go to.
 */
final class TaggedCall {
  private final int tag;
  private final Style style;
  private final Duration timeout;
  private final boolean withdraws;
  private final LongHolder value = new LongHolder();
  private final AtomicInteger ends = new AtomicInteger();
  private volatile CallResult result;
  private volatile boolean withdrawn;

  /** A call that is waited for, without a timeout. */
  TaggedCall(int tag, Style style) {
    this(tag, style, null, false);
  }

  /** A call with a timeout, null for none; if it is started, perhaps withdrawn at once. */
  TaggedCall(int tag, Style style, Duration timeout, boolean withdraws) {
    this.tag = tag;
    this.style = style;
    this.timeout = timeout;
    this.withdraws = withdraws;
  }

  /** Lets somebody else go on while a caller waits for a call that it only started. */
  @FunctionalInterface
  interface Pause {
    void pause(String where);
  }

  /** Makes the call; a started one that is delivered may end later. */
  void make(Dispatcher dispatcher, Pause pause) {
    boolean timed = timeout != null;
    value.value = tag;
    switch (style) {
      case BLOCKING ->
          ended(
              (timed ? dispatcher.runtimeServices(timeout) : dispatcher.runtimeServices())
                  .convertPointer(0, value));
      case WORDS ->
          ended(
              (timed ? dispatcher.abi(timeout) : dispatcher.abi())
                  .callVendor(TaggedFirmware.VENDOR_ENTRY, 1, tag, 0, 0, 0, 0, 0));
      case CALLBACK -> startWithHandler(services(dispatcher));
      case POLL -> startAndPoll(services(dispatcher), pause);
      case STAGE ->
          services(dispatcher)
              .stage((services, call) -> services.convertPointer(call, 0, value))
              .thenAccept(this::ended);
      case DIRECT ->
          ended(
              dispatcher
                  .nonBlocking()
                  .queryVariableInfo(tag, value, new LongHolder(), new LongHolder()));
    }
  }

  private AsyncRuntimeServices services(Dispatcher dispatcher) {
    return timeout != null ? dispatcher.async(timeout) : dispatcher.async();
  }

  private void startWithHandler(AsyncRuntimeServices services) {
    PendingCall call = services.newPendingCall(this::ended);
    if (!services.convertPointer(call, 0, value)) {
      ended(call.poll());
    } else if (withdraws) {
      withdrawn = call.cancel();
    }
  }

  private void startAndPoll(AsyncRuntimeServices services, Pause pause) {
    PendingCall call = services.newPendingCall();
    if (services.convertPointer(call, 0, value) && withdraws) {
      withdrawn = call.cancel();
    }
    CallResult end = call.poll();
    while (end == null) {
      pause.pause("polling");
      end = call.poll();
    }
    ended(end);
  }

  private void ended(CallResult end) {
    if (ends.getAndIncrement() == 0) {
      result = end;
    }
  }

  boolean hasEnded() {
    return result != null;
  }

  CallResult result() {
    return result;
  }

  Style style() {
    return style;
  }

  /** I-7, I-27: ended once, with its own answer or with nothing. */
  void checkEnd() {
    assertEquals(1, ends.get(), () -> this + " must end once");
    if (result.outcome() == Outcome.COMPLETED) {
      long answer = style == Style.WORDS ? result.status().raw() : value.value;
      assertEquals(TaggedFirmware.answer(tag), answer, () -> this + " must get its own answer");
    } else {
      assertEquals(tag, value.value, () -> this + " must leave its holder alone");
    }
    assertTrue(
        style == Style.WORDS || !result.firmwareMayStillWrite(),
        () -> this + " must own its memory");
  }

  /** I-5: besides, it ended as firmware and the ending say. */
  void check(Ending ending, EntryLog log) {
    checkEnd();
    int entries = log.entries(tag);
    assertTrue(entries <= 1, () -> this + " must be made once at most: entries=" + entries);
    Outcome outcome = result.outcome();
    if (outcome == Outcome.COMPLETED) {
      assertEquals(1, entries, () -> this + " must have been made");
    } else {
      assertTrue(result.firmwareEntered() || entries == 0, () -> this + " must not have been made");
    }
    assertEquals(withdrawn, outcome == Outcome.CANCELLED, () -> this + " withdrawn=" + withdrawn);
    assertTrue(mayEndAs(ending, outcome), () -> this + " must not end so");
  }

  private boolean mayEndAs(Ending ending, Outcome outcome) {
    return switch (outcome) {
      case COMPLETED, CANCELLED -> true;
      case BUSY -> !style.waits() || timeout != null;
      case TIMED_OUT -> timeout != null && style != Style.DIRECT;
      case INTERRUPTED -> style.waits() && ending.excuses(outcome);
      default -> ending.excuses(outcome);
    };
  }

  /** For a call whose firmware answers: it must. */
  void checkCompleted() {
    assertTrue(hasEnded(), () -> this + " must have ended");
    assertEquals(Outcome.COMPLETED, result.outcome(), this::toString);
    assertFalse(withdrawn, this::toString);
  }

  @Override
  public String toString() {
    return "call "
        + tag
        + " ("
        + style
        + (timeout == null ? "" : " within " + timeout)
        + "): "
        + result
        + ", ends="
        + ends;
  }
}
