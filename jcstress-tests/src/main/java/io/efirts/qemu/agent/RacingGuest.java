// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import io.efirts.stress.Meeting;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A guest whose firmware hangs in every call: nothing is answered but by being unwound. It is its
 * own host, and has as much of the mailbox as the link needs.
 */
final class RacingGuest implements AgentHost {
  private static final int WORDS = 0x1300 / Long.BYTES;
  private static final long RESPONSE = 0x1080;
  private static final long LATE_INTERRUPTS = 0x10A0;
  private static final long SLOTS = 0x1100;
  private static final long SLOT_BYTES = 0x80;
  private static final long ENDING = 0x30;
  private static final long UNWOUND = 2;
  private static final long FOR_THE_CRASH = 1;
  private static final VarHandle WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  final AgentLink link;
  final RegisterFile registers;
  private final MemorySegment bytes = MemorySegment.ofArray(new long[WORDS]);
  private final Mailbox mailbox = new Mailbox(bytes, 0x800_0000);
  private final boolean alive;
  private final boolean interrupts;
  private final Meeting meeting = new Meeting();
  private boolean met;
  private boolean hit;

  /**
   * A guest.
   *
   * @param alive whether the machine still runs when somebody asks; otherwise calls end there
   * @param interrupts whether calls are unwound by interrupts, and the first look at the machine is
   *     where a crash is waited for
   */
  RacingGuest(boolean alive, boolean interrupts) {
    this.alive = alive;
    this.interrupts = interrupts;
    link = new AgentLink(null, mailbox, this, System::nanoTime);
    registers = new RegisterFile(mailbox, Mailbox.CALL_REGISTERS);
  }

  /** The request word. */
  String request() {
    return Long.toHexString(mailbox.request());
  }

  /** Whether the crash's call was ended by what was meant for the one before. */
  synchronized String crashsCall() {
    return hit ? "hit" : "safe";
  }

  /** Waits until the caller's call is at its limit. */
  void awaitLimit() {
    meeting.arrive();
  }

  @Override
  public boolean isAlive() {
    if (interrupts && !met) {
      met = true;
      meeting.arrive();
    }
    return alive;
  }

  @Override
  public boolean beginUse() {
    return true;
  }

  @Override
  public void keepRunning() {
    // Nothing is paused.
  }

  @Override
  public void endUse() {
    // Nothing is paused.
  }

  @Override
  public boolean seize() {
    return true;
  }

  @Override
  public synchronized boolean unwind(Agent agent, boolean crash) {
    long request = mailbox.request();
    if (mailbox.response() == request) {
      WORD.setRelease(bytes, LATE_INTERRUPTS, mailbox.lateInterrupts() + 1);
      return true;
    }
    hit |= !crash && (request & 0xFF) == FOR_THE_CRASH;
    WORD.set(bytes, SLOTS + (request & 0xFF) * SLOT_BYTES + ENDING, UNWOUND);
    WORD.setRelease(bytes, RESPONSE, request);
    return true;
  }

  @Override
  public boolean unwindsByInterrupt() {
    return interrupts;
  }
}
