// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import java.lang.foreign.MemorySegment;

/**
 * A processor's registers in the mailbox: the agent loads them before a call and stores them
 * afterwards. In between, they are plain memory of whoever has the gate. The layout is the
 * architecture's.
 */
public final class RegisterFile {
  private final Mailbox mailbox;
  private final long offset;

  RegisterFile(Mailbox mailbox, long offset) {
    this.mailbox = mailbox;
    this.offset = offset;
  }

  /**
   * A register.
   *
   * @param at its offset
   * @return its value
   */
  public long get(long at) {
    return mailbox.get(offset + at);
  }

  /**
   * Changes a register.
   *
   * @param at its offset
   * @param value its new value
   */
  public void set(long at, long value) {
    mailbox.set(offset + at, value);
  }

  /**
   * Reads a part.
   *
   * @param at where it begins
   * @param into where to, from its start
   * @param lengthBytes how much
   */
  public void read(long at, MemorySegment into, long lengthBytes) {
    MemorySegment.copy(mailbox.bytes(), offset + at, into, 0, lengthBytes);
  }

  /**
   * Writes a part.
   *
   * @param at where it begins
   * @param from where from, from its start
   * @param lengthBytes how much
   */
  public void write(long at, MemorySegment from, long lengthBytes) {
    MemorySegment.copy(from, 0, mailbox.bytes(), offset + at, lengthBytes);
  }

  /** Makes this file a copy of another one. */
  void copyOf(RegisterFile other) {
    MemorySegment.copy(
        other.mailbox.bytes(), other.offset, mailbox.bytes(), offset, Mailbox.REGISTERS_BYTES);
  }

  /** Where the guest sees it. */
  long address() {
    return mailbox.addressOf(offset);
  }
}
