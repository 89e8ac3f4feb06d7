// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an agent says when it comes up, and what it may not say. */
class AnnouncementTest {
  private final ManualClock clock = new ManualClock();
  private final FakeHost host = new FakeHost(/* interrupts= */ true);

  @ParameterizedTest
  @EnumSource
  void everythingIsReadFromWhereTheProgramWritesIt(AgentArch arch) {
    FakeAgent guest = FakeAgent.announced(arch);
    Agent agent = guest.agent(host, clock);
    assertEquals(FakeAgent.map(), agent.memoryMap());
    assertEquals(guest.get("SYSTEM_TABLE"), agent.systemTable().value());
    assertEquals(guest.get("RETURN_ADDRESS"), agent.returnAddress());
    assertEquals(guest.get("UNWIND_ADDRESS"), agent.unwindAddress());
    assertTrue(agent.attributesTable().isEmpty());
    agent.unwoundAt(42);
    assertEquals(42, guest.get("UNWOUND_AT"));
  }

  @ParameterizedTest
  @EnumSource
  void registersAreAtFirstThoseThatTheAgentHasFound(AgentArch arch) {
    FakeAgent guest = FakeAgent.announced(arch);
    long found = guest.header().get("FOUND_REGISTERS");
    guest.bytes().set(ValueLayout.JAVA_LONG, found + 0x98, 77);
    Agent agent = guest.agent(host, clock);
    assertEquals(guest.base() + found, agent.foundRegisters().address());
    assertEquals(77, agent.registers(false).get(0x98));
    assertEquals(77, agent.registers(true).get(0x98));
    agent.registers(false).set(0x98, 1);
    assertEquals(77, agent.foundRegisters().get(0x98), "a file of their own");
  }

  @ParameterizedTest
  @EnumSource
  void noTwoPartsOfTheMailboxOverlap(AgentArch arch) {
    FakeAgent guest = FakeAgent.announced(arch);
    Agent agent = guest.agent(host, clock);
    MailboxHeader header = guest.header();
    long slotsEnd = header.get("SLOTS") + (header.get("SLOT_MASK") + 1) * header.get("SLOT_BYTES");
    assertTrue(slotsEnd <= header.get("FOUND_REGISTERS"));
    assertEquals(RequestSlot.COUNT, header.get("SLOT_MASK") + 1);
    long[] files = {
      agent.foundRegisters().address(),
      agent.registers(false).address(),
      agent.registers(true).address(),
      guest.base() + header.get("MEMORY_MAP")
    };
    for (int i = 1; i < files.length; i++) {
      assertTrue(files[i] - files[i - 1] >= Mailbox.REGISTERS_BYTES, "file " + i);
    }
    assertEquals(header.get("AGENT_BYTES"), Mailbox.BYTES);
  }

  @ParameterizedTest
  @CsvSource({
    "VERSION, 0x100000002, version must be that of the host",
    "VERSION, 0x200000001, architecture must be the machine's",
    "ARENA_BASE, 0x7000000, arena must begin with the mailbox",
    "ARENA_SIZE, 0, arena must have",
    "ARENA_SIZE, 0x1000, arena must have",
    "ARENA_SIZE, 0x20000, arena must have",
    "ARENA_SIZE, 0x1000800, arena must be whole pages",
    "ARENA_SIZE, -1, arena must have",
    "ARENA_SIZE, 0x7fffffffffffffff, arena must have",
    "IMAGE_SIZE, 0, image must have",
    "IMAGE_SIZE, -4096, image must have",
    "IMAGE_SIZE, 0x10000000, image must have",
    "IMAGE_BASE, 0x9000010, image must begin with a page",
    "IMAGE_BASE, -4096, image must lie below 2^52",
    "RETURN_ADDRESS, 0, return address must lie in the image",
    "RETURN_ADDRESS, 0x9008000, return address must lie in the image",
    "UNWIND_ADDRESS, -1, unwind address must lie in the image",
    "UNWIND_ADDRESS, 0x8ffffff, unwind address must lie in the image",
    "SYSTEM_TABLE, -1, system table must lie below 2^52",
    "SYSTEM_TABLE, 0x10000000000000, system table must lie below 2^52",
    "MAP_OFFSET, 0, memory map must lie where",
    "MAP_SIZE, 0, memory map must have",
    "MAP_SIZE, -48, memory map must have",
    "MAP_SIZE, 0x10001, memory map must have",
    "MAP_SIZE, 47, memory map must be readable",
    "DESCRIPTOR_SIZE, 0, memory map must be readable",
    "DESCRIPTOR_SIZE, 32, memory map must be readable",
    "DESCRIPTOR_SIZE, -48, memory map must be readable",
    "DESCRIPTOR_SIZE, 0x7ffffffffffffff8, memory map must be readable",
    "DESCRIPTOR_VERSION, 2, memory map must be readable"
  })
  void whatCannotBeIsRefused(String field, String value, String rule) {
    FakeAgent guest = FakeAgent.announced(AgentArch.X86_64);
    guest.put(field, Long.decode(value));
    AgentException e = assertThrows(AgentException.class, () -> guest.agent(host, clock));
    assertTrue(e.getMessage().startsWith(rule), e.getMessage());
  }

  @Test
  void descriptorsThatOverlapAreRefused() {
    FakeAgent guest = FakeAgent.announced(AgentArch.X86_64);
    long map = guest.header().get("MEMORY_MAP");
    guest.bytes().asSlice(map + 48, 48).copyFrom(guest.bytes().asSlice(map, 48));
    guest.put("MAP_SIZE", 96);
    AgentException e = assertThrows(AgentException.class, () -> guest.agent(host, clock));
    assertTrue(e.getMessage().startsWith("memory map must be readable: "), e.getMessage());
  }

  @Test
  void anAgentIsWaitedForUntilItsTimeIsOver() {
    FakeAgent guest = new FakeAgent(AgentArch.X86_64, Mailbox.BYTES);
    host.look(() -> {}, guest::announce);
    Agent.await(guest.memory(), AgentArch.X86_64, host, 10_000_000, clock);
    guest.put("MAGIC", 0);
    host.lookAlways(() -> {});
    AgentException late =
        assertThrows(
            AgentException.class,
            () -> Agent.await(guest.memory(), AgentArch.X86_64, host, 10_000_000, clock));
    assertEquals("agent must come up in time: waitedMillis=12", late.getMessage());
    host.look(host::die);
    AgentException dead =
        assertThrows(
            AgentException.class,
            () -> Agent.await(guest.memory(), AgentArch.X86_64, host, 10_000_000, clock));
    assertEquals("machine must run until the agent is there: it has ended", dead.getMessage());
  }

  @Test
  void memoryMustHoldTheMailbox() {
    for (long base : new long[] {0x7FF_0000L, 0x0900_0000L}) {
      GuestMemory memory =
          GuestMemory.of(
              List.of(
                  new MemoryRegion(
                      new PhysicalAddress(base), Arena.ofAuto().allocate(0x11000, 4096))));
      AgentException e =
          assertThrows(
              AgentException.class, () -> Agent.await(memory, AgentArch.X86_64, host, 0, clock));
      assertEquals("guest memory must hold the mailbox: address=0x8000000", e.getMessage());
    }
  }
}
