// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryDescriptorArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Guest memory, and what the agent's program does in it, one step at a time, by the numbers of its
 * own header.
 */
public final class FakeAgent {
  /** A map with one descriptor, of runtime code. */
  static final EfiMemoryDescriptor CODE =
      new EfiMemoryDescriptor(5, 0x0F00_0000L, 0, 16, MemoryAttributes.RUNTIME);

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle WORD = LONG.varHandle();
  private static final int DESCRIPTOR_BYTES = 48;

  private final AgentArch arch;
  private final MailboxHeader header;
  private final MemorySegment bytes;
  private final GuestMemory memory;
  private long done;
  private long asked;

  /**
   * Memory from the arena on.
   *
   * @param arch whose
   * @param memoryBytes how much of it there is
   */
  public FakeAgent(AgentArch arch, long memoryBytes) {
    this.arch = arch;
    header = MailboxHeader.of(arch);
    bytes = Arena.ofAuto().allocate(memoryBytes, 4096);
    memory = GuestMemory.of(List.of(new MemoryRegion(new PhysicalAddress(base()), bytes)));
  }

  /** One with room for the mailbox only, that has announced itself. */
  public static FakeAgent announced(AgentArch arch) {
    FakeAgent agent = new FakeAgent(arch, MailboxHeader.of(arch).get("AGENT_BYTES"));
    agent.announce();
    return agent;
  }

  /** All of memory. */
  public GuestMemory memory() {
    return memory;
  }

  /** Memory from the arena on. */
  public MemorySegment bytes() {
    return bytes;
  }

  /** The numbers of its header. */
  public MailboxHeader header() {
    return header;
  }

  /** Where the arena begins. */
  public long base() {
    return header.get("ARENA_VALUE");
  }

  /** Writes an announcement in which everything is right. */
  public void announce() {
    long image = base() + header.get("ARENA_BYTES");
    put("VERSION", header.get("VERSION_VALUE") | header.get("ARCHITECTURE_VALUE") << 32);
    put("ARENA_BASE", base());
    put("ARENA_SIZE", header.get("ARENA_BYTES"));
    put("IMAGE_BASE", image);
    put("IMAGE_SIZE", 0x8000);
    put("SYSTEM_TABLE", 0x0FE0_0000L);
    put("ATTRIBUTES_TABLE", 0);
    put("RETURN_ADDRESS", image + 0x1000);
    put("UNWIND_ADDRESS", image + 0x1010);
    put("MAP_OFFSET", header.get("MEMORY_MAP"));
    put("MAP_SIZE", DESCRIPTOR_BYTES);
    put("DESCRIPTOR_SIZE", DESCRIPTOR_BYTES);
    put("DESCRIPTOR_VERSION", 1);
    MemoryDescriptorArray.write(
        bytes.asSlice(header.get("MEMORY_MAP")), DESCRIPTOR_BYTES, List.of(CODE));
    put("MAGIC", header.get("MAGIC_VALUE"));
  }

  /** Changes a word, by its name in the header. */
  public void put(String name, long value) {
    WORD.setRelease(bytes, header.get(name), value);
  }

  /** Reads a word, by its name in the header. */
  public long get(String name) {
    return (long) WORD.getAcquire(bytes, header.get(name));
  }

  /** Reads a field of the slot of the request that has begun. */
  long slot(String name) {
    return (long) WORD.getAcquire(bytes, slotOffset() + header.get(name));
  }

  /** Where the register of a name lies, for the request that has begun. */
  private long registerOffset(String name) {
    return slot("REGISTERS") - base() + header.get(name);
  }

  /** A register of the request that has begun. */
  public long register(String name) {
    return bytes.get(LONG, registerOffset(name));
  }

  /** Changes a register of the request that has begun. */
  public void register(String name, long value) {
    bytes.set(LONG, registerOffset(name), value);
  }

  /** A register of ordinary calls, by its name in the header. */
  public long callRegister(String name) {
    return bytes.get(LONG, Mailbox.CALL_REGISTERS + header.get(name));
  }

  /** Changes a register of ordinary calls. */
  public void callRegister(String name, long value) {
    bytes.set(LONG, Mailbox.CALL_REGISTERS + header.get(name), value);
  }

  /** The last request's register file, whether it is the crash's. */
  public boolean isCrash() {
    return slot("REGISTERS") == base() + Mailbox.CALL_REGISTERS + Mailbox.REGISTERS_BYTES;
  }

  private long slotOffset() {
    return header.get("SLOTS") + (asked & header.get("SLOT_MASK")) * header.get("SLOT_BYTES");
  }

  /** Takes a request, and goes inside if it is a call. */
  public void begin() {
    asked = get("REQUEST");
    if (asked == done) {
      throw new AssertionError("a request must be there: request=0x" + Long.toHexString(asked));
    }
    if (slot("OPERATION") == header.get("OPERATION_CALL")) {
      put("INSIDE", 1);
    }
  }

  /** Answers the request that has begun. */
  public void end(String ending) {
    WORD.setRelease(bytes, slotOffset() + header.get("ENDING"), header.get(ending));
    put("INSIDE", 0);
    put("RESPONSE", asked);
    done = asked;
  }

  /** Takes a request and answers it. */
  public void serve(String ending) {
    begin();
    end(ending);
  }

  /** What an NMI does, or a debugger. */
  public void interrupt() {
    if (get("INSIDE") != 0) {
      end("ENDING_UNWOUND");
    } else {
      put("LATE_INTERRUPTS", get("LATE_INTERRUPTS") + 1);
    }
  }

  /** An exception outside of calls. */
  public void fault() {
    put("AGENT_FAULT", 1);
    put("RESPONSE", get("REQUEST"));
  }

  /** The agent as the host has it. */
  public Agent agent(AgentHost host, ManualClock clock) {
    return Agent.await(memory, arch, host, 0, clock);
  }

  /** What the map in the announcement says. */
  static MemoryMap map() {
    return MemoryMap.of(List.of(CODE));
  }
}
