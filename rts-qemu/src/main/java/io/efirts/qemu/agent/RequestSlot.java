// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

/**
 * One user's place for requests: what is to be done, written before the request word. A slot has
 * one user, so a thread that was stopped while it filled its own cannot spoil another's.
 *
 * <pre>
 * 0x00 operation
 * 0x08 address of the registers
 * 0x10 flags
 * 0x18 target of a copy
 * 0x20 source of a copy
 * 0x28 length of a copy, bytes
 * 0x30 how it ended; written by the agent
 * </pre>
 */
final class RequestSlot {
  static final int CALL = 1;
  static final int COPY = 2;
  static final int READ = 3;
  static final int WRITE = 4;

  /** Load floating-point registers before the call, store them after it. */
  static final long FLOATING_POINT = 3;

  /** How many the agent knows. Those of nobody are all 0, so they ask for nothing. */
  static final int COUNT = 4;

  private static final long SLOTS = 0x1100;
  private static final long SLOT_BYTES = 0x80;
  private static final long OPERATION = 0x00;
  private static final long REGISTERS = 0x08;
  private static final long FLAGS = 0x10;
  private static final long TARGET = 0x18;
  private static final long SOURCE = 0x20;
  private static final long LENGTH = 0x28;
  private static final long ENDING = 0x30;

  private static final int COUNT_SHIFT = 8;

  private final Mailbox mailbox;
  private final int index;
  private final long offset;

  RequestSlot(Mailbox mailbox, int index) {
    this.mailbox = mailbox;
    this.index = index;
    this.offset = SLOTS + index * SLOT_BYTES;
  }

  void prepareCall(long registers, long flags) {
    mailbox.set(offset + OPERATION, CALL);
    mailbox.set(offset + REGISTERS, registers);
    mailbox.set(offset + FLAGS, flags);
  }

  void prepareCopy(long target, long source, long lengthBytes) {
    mailbox.set(offset + OPERATION, COPY);
    mailbox.set(offset + TARGET, target);
    mailbox.set(offset + SOURCE, source);
    mailbox.set(offset + LENGTH, lengthBytes);
  }

  void prepareRegisters(int operation, long registers) {
    mailbox.set(offset + OPERATION, operation);
    mailbox.set(offset + REGISTERS, registers);
  }

  /** The slot that the agent takes for a request word, whatever is in it. */
  static int indexOf(long request) {
    return (int) request & COUNT - 1;
  }

  /** The request word that follows another one. */
  long after(long last) {
    return ((last >>> COUNT_SHIFT) + 1) << COUNT_SHIFT | index;
  }

  /** How the request ended; after the response was seen. */
  long ending() {
    return mailbox.get(offset + ENDING);
  }
}
