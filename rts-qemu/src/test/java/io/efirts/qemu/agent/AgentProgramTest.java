// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs among the module's resources are such that firmware starts them. */
class AgentProgramTest {
  private static final int PAGE = 4096;
  private static final int EXECUTE = 0x2000_0000;
  private static final int WRITE = 0x8000_0000;

  @ParameterizedTest
  @CsvSource({"X86_64, 0x8664", "AARCH64, 0xAA64"})
  void aProgramIsAnEfiApplicationOfItsMachine(AgentArch arch, String machine) {
    ByteBuffer pe = program(arch);
    int header = pe.getInt(0x3C);
    assertEquals(0x5A4D, pe.getShort(0), "MZ");
    assertEquals(0x4550, pe.getInt(header), "PE");
    assertEquals(Integer.decode(machine), Short.toUnsignedInt(pe.getShort(header + 4)));
    assertEquals(0x20B, pe.getShort(header + 24), "PE32+");
    assertEquals(10, pe.getShort(header + 24 + 68), "subsystem: EFI application");
    assertEquals(PAGE, pe.getInt(header + 24 + 32), "sections lie in pages of their own");
  }

  @ParameterizedTest
  @EnumSource
  void aProgramIsSmallAndCanBeLoadedAnywhere(AgentArch arch) {
    ByteBuffer pe = program(arch);
    assertTrue(pe.capacity() < 16 * 1024, "bytes=" + pe.capacity());
    int header = pe.getInt(0x3C);
    assertEquals(0, pe.getShort(header + 22) & 1, "relocations are not stripped");
    assertEquals(0x40, pe.getShort(header + 24 + 70) & 0x40, "dynamic base");
  }

  @ParameterizedTest
  @EnumSource
  void noSectionCanBeWrittenAndExecuted(AgentArch arch) {
    ByteBuffer pe = program(arch);
    int header = pe.getInt(0x3C);
    int section = header + 24 + pe.getShort(header + 20);
    int code = 0;
    int data = 0;
    for (int i = 0; i < pe.getShort(header + 6); i++, section += 40) {
      int flags = pe.getInt(section + 36);
      assertTrue((flags & EXECUTE) == 0 || (flags & WRITE) == 0, "section " + i);
      assertEquals(0, pe.getInt(section + 12) % PAGE);
      code += (flags & EXECUTE) == 0 ? 0 : 1;
      data += (flags & WRITE) == 0 ? 0 : 1;
    }
    assertEquals(1, code);
    assertEquals(1, data);
  }

  @Test
  void anArchitectureWithoutProgramIsRefused() {
    AgentException e = assertThrows(AgentException.class, () -> AgentImage.file("none"));
    assertEquals("agent must be among the module's resources: name=agent-none.efi", e.getMessage());
  }

  private static ByteBuffer program(AgentArch arch) {
    return ByteBuffer.wrap(Agent.program(arch)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
