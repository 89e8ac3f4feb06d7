// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import io.efirts.api.spi.NanoClock;

/**
 * Requests to the agent, and the wait for its answers.
 *
 * <p>Two users: ordinary calls, one thread at a time, which has the gate; and a crash, which takes
 * over. Both write to slots of their own and publish by a compare-and-set of one word, in which the
 * crash finds the last request of the other: done, or in the middle of firmware, from where it is
 * unwound. The first request of the crash replaces that word, so a thread that was stopped before
 * it published fails to do so, however late it goes on.
 *
 * <p>No request allocates or locks. Waiting spins, and then parks in short slices.
 */
public final class AgentLink {
  private static final int ORDINARY = 0;
  private static final int CRASH = 1;

  /** Looking at the machine and the clock costs more than looking at the answer. */
  private static final int LOOKS_BETWEEN_CHECKS = 64;

  /** Some tens of milliseconds, where each of the other checks is followed by a park. */
  private static final int LOOKS_BETWEEN_SEIZURES = 512 * LOOKS_BETWEEN_CHECKS;

  /** Most services are done by then; setting a variable takes milliseconds. */
  private static final long SPIN_NANOS = 100_000;

  private static final long PARK_NANOS = 50_000;

  /** An exception is taken and answered in microseconds; the rest is for a busy computer. */
  private static final long UNWIND_NANOS = 2_000_000_000L;

  /** Until it is tried again. Longer than an answer takes: a second try must not meet the first. */
  private static final long AGAIN_NANOS = 100_000_000;

  private static final long SHORT_NANOS = 5_000_000_000L;

  private final Agent agent;
  private final Mailbox mailbox;
  private final AgentHost host;
  private final NanoClock clock;
  private final RequestSlot[] slots;

  /** The last request of ordinary calls. */
  private long last;

  /**
   * Whether the last request of each user was given up without an answer. When the agent is done
   * with it, it stores registers over those that were prepared meanwhile.
   */
  private final boolean[] givenUp = new boolean[2];

  /**
   * Whether a crash has taken over. Written before the crash looks at the request word, read after
   * the ordinary user has published: one of the two sees the other.
   */
  private volatile boolean takenOver;

  /**
   * Whether an ordinary user's interrupt may be on its way. Written before that user looks at
   * {@link #takenOver} for the last time, read after a crash has written it; false again if it was
   * not sent, or has come before any crash.
   */
  private volatile boolean interrupting;

  /** How many interrupts had come too late before that one. */
  private volatile long lateBefore;

  AgentLink(Agent agent, Mailbox mailbox, AgentHost host, NanoClock clock) {
    this.agent = agent;
    this.mailbox = mailbox;
    this.host = host;
    this.clock = clock;
    this.slots = new RequestSlot[RequestSlot.COUNT];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new RequestSlot(mailbox, i);
    }
    this.last = mailbox.request();
  }

  /**
   * Makes an ordinary call.
   *
   * @param registers loaded before, stored afterwards
   * @param floatingPoint whether those registers are loaded and stored too
   * @param limitNanos how long it may take until it is unwound
   * @return how it ended; {@link Ending#STUCK} also for calls prepared while one before it, which
   *     was given up, had not ended
   */
  public Ending call(RegisterFile registers, boolean floatingPoint, long limitNanos) {
    slots[ORDINARY].prepareCall(
        registers.address(), floatingPoint ? RequestSlot.FLOATING_POINT : 0);
    return request(limitNanos);
  }

  /**
   * Copies guest memory by the guest's own instructions, after which it runs the new bytes where
   * they are code. In the agent's own address space.
   *
   * @param target physical address
   * @param source physical address
   * @param lengthBytes how much
   * @return how it ended
   */
  public Ending copy(long target, long source, long lengthBytes) {
    slots[ORDINARY].prepareCopy(target, source, lengthBytes);
    return request(SHORT_NANOS);
  }

  /**
   * Stores the registers that the agent runs with.
   *
   * @param registers where to
   * @return how it ended
   */
  public Ending readRegisters(RegisterFile registers) {
    slots[ORDINARY].prepareRegisters(RequestSlot.READ, registers.address());
    return request(SHORT_NANOS);
  }

  /**
   * Loads the registers that the agent runs with, for good, but for what it is translated by: the
   * page tables' root, and TCR_EL1 on arm64.
   *
   * @param registers where from
   * @return how it ended
   */
  public Ending writeRegisters(RegisterFile registers) {
    slots[ORDINARY].prepareRegisters(RequestSlot.WRITE, registers.address());
    return request(SHORT_NANOS);
  }

  private Ending request(long limitNanos) {
    if (givenUp[ORDINARY]) {
      givenUp[ORDINARY] = mailbox.response() != last;
      return takenOver ? Ending.TAKEN_OVER : Ending.STUCK;
    }
    if (!host.beginUse()) {
      return host.isAlive() ? Ending.STUCK : Ending.MACHINE_LOST;
    }
    try {
      long next = slots[ORDINARY].after(last);
      if (takenOver || !mailbox.request(last, next)) {
        // If it was no crash, somebody writes where nobody may.
        return takenOver ? Ending.TAKEN_OVER : Ending.STUCK;
      }
      last = next;
      Ending ending = await(next, ORDINARY, limitNanos);
      if (ending == null) {
        ending = unwindOrdinary(next);
      }
      givenUp[ORDINARY] = mailbox.response() != next;
      return ending;
    } finally {
      host.endUse();
    }
  }

  private Ending unwindOrdinary(long request) {
    Ending ending = unwind(request, ORDINARY);
    if (!takenOver) {
      interrupting = false;
    }
    return ending;
  }

  /**
   * Makes a call of a crash; the first one takes the agent over and unwinds the call that is
   * inside.
   *
   * @param registers loaded before, stored afterwards; no others than those of the crash
   * @param limitNanos how long it may take
   * @return how it ended; {@link Ending#STUCK} if it or the call before could not be ended, and
   *     once more after that
   */
  public Ending callInCrash(RegisterFile registers, long limitNanos) {
    slots[CRASH].prepareCall(registers.address(), RequestSlot.FLOATING_POINT);
    takenOver = true;
    if (!host.seize()) {
      return host.isAlive() ? Ending.STUCK : Ending.MACHINE_LOST;
    }
    for (int tries = 0; tries < 2; tries++) {
      long before = mailbox.request();
      if (interrupting || mailbox.response() != before) {
        Ending ended = unwind(before, CRASH);
        if (mailbox.response() != before) {
          return ended;
        }
        interrupting = false;
      }
      if (givenUp[CRASH]) {
        givenUp[CRASH] = false;
        return Ending.STUCK;
      }
      long next = slots[CRASH].after(before);
      if (mailbox.request(before, next)) {
        Ending ending = await(next, CRASH, limitNanos);
        if (ending == null) {
          ending = unwind(next, CRASH);
        }
        givenUp[CRASH] = mailbox.response() != next;
        return ending;
      }
      // Somebody published in between, for the last time.
    }
    return Ending.STUCK;
  }

  /** Ends what is inside. It may come back by itself meanwhile, or not have begun yet. */
  private Ending unwind(long request, int slot) {
    boolean crash = slot == CRASH;
    long start = clock.nanoTime();
    long late = mailbox.lateInterrupts();
    boolean another = crash && interrupting && lateBefore == late;
    long expected = another ? late + 1 : late;
    boolean again = true;
    while (mailbox.response() != request) {
      if (again) {
        if (!crash && !mayInterrupt(late)) {
          return Ending.TAKEN_OVER;
        }
        expected++;
        if (!host.unwind(agent, crash)) {
          return host.isAlive() ? Ending.STUCK : Ending.MACHINE_LOST;
        }
      }
      Ending ending = await(request, slot, AGAIN_NANOS);
      if (ending != null && mailbox.response() != request) {
        return ending;
      }
      if (clock.nanoTime() - start > UNWIND_NANOS) {
        return Ending.STUCK;
      }
      keepRunning(crash);
      // One that was taken meanwhile has found nothing inside.
      again = !host.unwindsByInterrupt() || mailbox.lateInterrupts() != late;
      late = mailbox.lateInterrupts();
    }
    Ending ending = mailbox.isAgentLost() ? Ending.STUCK : ending(request);
    if (host.unwindsByInterrupt()) {
      awaitLateInterrupts(ending == Ending.UNWOUND ? expected - 1 : expected, another);
    }
    return ending;
  }

  /** Either a crash sees that an interrupt is on its way, or it is not sent. */
  private boolean mayInterrupt(long late) {
    lateBefore = late;
    interrupting = true;
    if (takenOver) {
      interrupting = false;
      return false;
    }
    return true;
  }

  /**
   * The next call must not be ended by what was meant for the last one.
   *
   * @param expected how many come
   * @param another whether one of them is another user's, who may think better of it
   */
  private void awaitLateInterrupts(long expected, boolean another) {
    long start = clock.nanoTime();
    while (mailbox.lateInterrupts() - (another && !interrupting ? expected - 1 : expected) < 0
        && host.isAlive()
        && clock.nanoTime() - start < UNWIND_NANOS) {
      Thread.onSpinWait();
    }
  }

  /** Null if the time is over. */
  private Ending await(long request, int slot, long limitNanos) {
    long start = clock.nanoTime();
    for (int looks = 1; mailbox.response() != request; looks++) {
      if (looks % LOOKS_BETWEEN_CHECKS != 0) {
        Thread.onSpinWait();
        continue;
      }
      if (slot == ORDINARY && takenOver) {
        return Ending.TAKEN_OVER;
      }
      if (mailbox.isAgentLost()) {
        return Ending.STUCK;
      }
      if (!host.isAlive()) {
        return mailbox.response() == request ? ending(request) : Ending.MACHINE_LOST;
      }
      long waited = clock.nanoTime() - start;
      if (waited > limitNanos) {
        return null;
      }
      if (waited > SPIN_NANOS) {
        if (looks % LOOKS_BETWEEN_SEIZURES == 0) {
          keepRunning(slot == CRASH);
        }
        clock.parkNanos(this, PARK_NANOS);
      }
    }
    return mailbox.isAgentLost() ? Ending.STUCK : ending(request);
  }

  /** Whoever was about to pause the machine may have done so meanwhile. */
  private void keepRunning(boolean crash) {
    if (crash) {
      host.seize();
    } else {
      host.keepRunning();
    }
  }

  private Ending ending(long request) {
    return Ending.of(slots[RequestSlot.indexOf(request)].ending());
  }
}
