// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The memory that host and agent share, from the start of the agent's arena. All words are
 * little-endian and have 64 bits if nothing else is said.
 *
 * <pre>
 * 0x00000          announcement, see {@link Announcement}
 * 0x01000          request: a count, and in bits 7:0 the slot; changed by the host
 * 0x01080          response: the request that was done; changed by the agent
 * 0x01088          1 while firmware may be running
 * 0x01090          1 once the agent itself has faulted, and answers no more
 * 0x01098          where a debugger has ended a call; written by the host while the guest stands still
 * 0x010A0          how many interrupts that were to end a call came after its end
 * 0x01100          slots of 0x80 bytes, see {@link RequestSlot}
 * 0x02000          registers as the agent found them
 * 0x03000          registers of calls, 0x1000 bytes for each slot
 * 0x10000          memory map
 * 0x20000          the host's own
 * </pre>
 *
 * <p>Host and agent order their accesses by the two words: a request is published by a
 * compare-and-set after the slot and the registers were written; a response is read with acquire
 * semantics before they are read. On the guest's side the agent does the mirror image with the
 * processor's own instructions. Plain accesses lie in between, since one side has them at a time.
 */
final class Mailbox {
  /** How much of the arena is not the host's to use. */
  static final long BYTES = 0x20000;

  static final long MEMORY_MAP = 0x10000;
  static final long FOUND_REGISTERS = 0x2000;
  static final long CALL_REGISTERS = 0x3000;
  static final long REGISTERS_BYTES = 0x1000;

  private static final long REQUEST = 0x1000;
  private static final long RESPONSE = 0x1080;
  private static final long INSIDE = 0x1088;
  private static final long AGENT_FAULT = 0x1090;
  private static final long UNWOUND_AT = 0x1098;
  private static final long LATE_INTERRUPTS = 0x10A0;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle WORD = LONG.varHandle();

  private final MemorySegment bytes;
  private final long address;

  /** Over memory of which registers and map need not be there as long as nobody asks for them. */
  Mailbox(MemorySegment bytes, long address) {
    this.bytes = bytes;
    this.address = address;
  }

  /**
   * The mailbox at an address.
   *
   * @param memory the guest's
   * @param address where the arena begins
   * @throws AgentException if the guest has no memory there
   */
  static Mailbox at(GuestMemory memory, long address) {
    MemoryRegion region = memory.regionAt(address);
    if (region == null || region.bytes().byteSize() - region.offsetOf(address) < BYTES) {
      throw new AgentException(
          "guest memory must hold the mailbox: address=0x" + Long.toHexString(address));
    }
    return new Mailbox(region.bytes().asSlice(region.offsetOf(address), BYTES), address);
  }

  MemorySegment bytes() {
    return bytes;
  }

  /** Where the guest sees an offset. */
  long addressOf(long offset) {
    return address + offset;
  }

  long get(long offset) {
    return bytes.get(LONG, offset);
  }

  void set(long offset, long value) {
    bytes.set(LONG, offset, value);
  }

  long getAcquire(long offset) {
    return (long) WORD.getAcquire(bytes, offset);
  }

  /** Volatile: whoever takes the agent over has announced that before it looks. */
  long request() {
    return (long) WORD.getVolatile(bytes, REQUEST);
  }

  /** Publishes a request if the last one is what the caller thinks. */
  boolean request(long last, long next) {
    return WORD.compareAndSet(bytes, REQUEST, last, next);
  }

  long response() {
    return (long) WORD.getAcquire(bytes, RESPONSE);
  }

  boolean isInside() {
    return (long) WORD.getAcquire(bytes, INSIDE) != 0;
  }

  void unwoundAt(long programCounter) {
    WORD.setRelease(bytes, UNWOUND_AT, programCounter);
  }

  long lateInterrupts() {
    return (long) WORD.getAcquire(bytes, LATE_INTERRUPTS);
  }

  boolean isAgentLost() {
    return (long) WORD.getAcquire(bytes, AGENT_FAULT) != 0;
  }
}
