// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The parts of memory that an agent points at. */
class AgentTest {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long ARENA = 16 << 20;
  private static final long IMAGE = 0x1_0000;

  private final ManualClock clock = new ManualClock();
  private final FakeHost host = new FakeHost(/* interrupts= */ true);

  private static FakeAgent guest(AgentArch arch, long memoryBytes) {
    FakeAgent guest = new FakeAgent(arch, memoryBytes);
    guest.announce();
    return guest;
  }

  @Test
  void theHostsPartOfTheArenaFollowsTheMailbox() {
    FakeAgent guest = guest(AgentArch.X86_64, ARENA + IMAGE);
    MemoryRegion arena = guest.agent(host, clock).arena();
    assertEquals(guest.base() + Mailbox.BYTES, arena.base().value());
    assertEquals(ARENA - Mailbox.BYTES, arena.bytes().byteSize());
  }

  @Test
  void anArenaOutsideOfMemoryIsRefused() {
    Agent agent = guest(AgentArch.X86_64, ARENA - 4096).agent(host, clock);
    AgentException e = assertThrows(AgentException.class, agent::arena);
    assertEquals(
        "agent must lie in the guest's memory: address=0x8020000, length=0xfe0000", e.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void everySectionOfTheProgramIsMappedAndTheMailboxToo(AgentArch arch) {
    FakeAgent guest = guest(arch, ARENA + IMAGE);
    LoadedProgram program = LoadedProgram.of(arch);
    guest.put("IMAGE_SIZE", program.bytes().byteSize());
    guest.bytes().asSlice(ARENA).copyFrom(program.bytes());
    List<MappedPages> ranges = guest.agent(host, clock).ranges();
    assertEquals(program.sections() + 1, ranges.size());
    assertEquals(new MappedPages(guest.base(), 0x20, MappingAttributes.DATA), ranges.getLast());
    long code =
        ranges.stream()
            .filter(range -> range.attributes().executable())
            .peek(range -> assertTrue(range.physicalStart() <= guest.get("RETURN_ADDRESS")))
            .count();
    assertEquals(1, code);
    assertTrue(ranges.stream().noneMatch(MappedPages::isWritableAndExecutable));
  }

  @ParameterizedTest
  @CsvSource({"0x900f000", "0x70000000", "0xffffffff000"})
  void anImageOutsideOfMemoryIsRefused(String base) {
    FakeAgent guest = guest(AgentArch.X86_64, ARENA + IMAGE);
    guest.put("IMAGE_BASE", Long.decode(base));
    guest.put("RETURN_ADDRESS", Long.decode(base));
    guest.put("UNWIND_ADDRESS", Long.decode(base));
    Agent agent = guest.agent(host, clock);
    AgentException e = assertThrows(AgentException.class, agent::ranges);
    assertTrue(e.getMessage().startsWith("agent must lie in the guest's memory"));
  }

  @Test
  void anImageWithoutHeadersIsRefused() {
    Agent agent = guest(AgentArch.X86_64, ARENA + IMAGE).agent(host, clock);
    AgentException e = assertThrows(AgentException.class, agent::ranges);
    assertTrue(e.getMessage().startsWith("agent's image must begin with headers"));
  }

  @Test
  void anAttributesTableIsRead() {
    FakeAgent guest = withAttributes(0x1000, 0);
    assertEquals(List.of(), guest.agent(host, clock).attributesTable().orElseThrow().entries());
  }

  @ParameterizedTest
  @CsvSource({"0x1000, 0x7fffffff", "0x1000, -1", "0xfff0, 1", "0xfff8, 0", "-0xf00000, 300000"})
  void anAttributesTableThatDoesNotFitIntoMemoryIsRefused(String offset, int entries) {
    Agent agent = withAttributes(Long.decode(offset), entries).agent(host, clock);
    AgentException e = assertThrows(AgentException.class, agent::attributesTable);
    assertTrue(e.getMessage().startsWith("memory attributes table must be sound: "));
  }

  @ParameterizedTest
  @CsvSource({"0x9010000", "-1", "1"})
  void anAttributesTableOutsideOfMemoryIsRefused(String address) {
    FakeAgent guest = guest(AgentArch.X86_64, ARENA + IMAGE);
    guest.put("ATTRIBUTES_TABLE", Long.decode(address));
    Agent agent = guest.agent(host, clock);
    AgentException e = assertThrows(AgentException.class, agent::attributesTable);
    assertTrue(e.getMessage().startsWith("memory attributes table must lie in memory"));
  }

  /** A table somewhere in the image's memory, of which only what fits is written. */
  private static FakeAgent withAttributes(long offset, int entries) {
    FakeAgent guest = guest(AgentArch.X86_64, ARENA + IMAGE);
    MemorySegment table = guest.bytes().asSlice(ARENA + offset);
    int[] header = {1, entries, 48, 0};
    for (int i = 0; i < header.length && (i + 1) * 4L <= table.byteSize(); i++) {
      table.set(INT, i * 4L, header[i]);
    }
    guest.put("ATTRIBUTES_TABLE", guest.base() + ARENA + offset);
    return guest;
  }
}
