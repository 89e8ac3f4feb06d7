// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The agent's program as firmware loads it: sections at their addresses, headers before them. */
record LoadedProgram(MemorySegment bytes, int sections) {
  static LoadedProgram of(AgentArch arch) {
    byte[] file = Agent.program(arch);
    ByteBuffer pe = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = pe.getInt(0x3C);
    int optional = header + 24;
    int sections = pe.getShort(header + 6);
    MemorySegment image = Arena.ofAuto().allocate(pe.getInt(optional + 56), 4096);
    MemorySegment.copy(MemorySegment.ofArray(file), 0, image, 0, pe.getInt(optional + 60));
    int section = optional + pe.getShort(header + 20);
    for (int i = 0; i < sections; i++, section += 40) {
      int length = Math.min(pe.getInt(section + 8), pe.getInt(section + 16));
      MemorySegment.copy(
          MemorySegment.ofArray(file),
          pe.getInt(section + 20),
          image,
          pe.getInt(section + 12),
          length);
    }
    return new LoadedProgram(image, sections);
  }
}
