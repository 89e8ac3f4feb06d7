// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import io.efirts.api.map.MappedPages;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The agent's program: as a file, and as firmware has loaded it. In every address space in which a
 * call is made its sections are mapped where they lie, code without writing and data without
 * execution.
 *
 * <p>Offsets are those of the PE32+ format (Microsoft PE and COFF specification, sections 3 and 4).
 */
final class AgentImage {
  private static final int PE_OFFSET = 0x3C;
  private static final int SECTION_COUNT = 6;
  private static final int OPTIONAL_HEADER_BYTES = 20;
  private static final int OPTIONAL_HEADER = 24;
  private static final int SECTION_BYTES = 40;
  private static final int SECTION_SIZE = 8;
  private static final int SECTION_ADDRESS = 12;
  private static final int SECTION_FLAGS = 36;
  private static final int EXECUTE = 0x2000_0000;
  private static final int WRITE = 0x8000_0000;
  private static final int SIGNATURE = 0x4550;
  private static final int MOST_SECTIONS = 16;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private AgentImage() {}

  /**
   * The program.
   *
   * @param architecture its name in the file's
   * @return the PE file
   */
  static byte[] file(String architecture) {
    String name = "agent-" + architecture + ".efi";
    try (InputStream in = AgentImage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AgentException("agent must be among the module's resources: name=" + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("agent must be readable: name=" + name, e);
    }
  }

  /**
   * Where its sections lie.
   *
   * @param image the loaded image, from its first byte
   * @param base its address, at the start of a page
   * @return the pages of each section
   * @throws AgentException if they are not those of a program of ours
   */
  static List<MappedPages> sections(MemorySegment image, long base) {
    try {
      return read(image, base);
    } catch (IndexOutOfBoundsException e) {
      throw new AgentException("agent's headers must lie within its image: " + e.getMessage(), e);
    }
  }

  private static List<MappedPages> read(MemorySegment image, long base) {
    long pe = image.get(INT, PE_OFFSET);
    int count = Short.toUnsignedInt(image.get(SHORT, pe + SECTION_COUNT));
    if (image.get(INT, pe) != SIGNATURE || count == 0 || count > MOST_SECTIONS) {
      throw new AgentException(
          "agent's image must begin with headers: base=0x"
              + Long.toHexString(base)
              + ", sections="
              + count);
    }
    long header =
        pe + OPTIONAL_HEADER + Short.toUnsignedInt(image.get(SHORT, pe + OPTIONAL_HEADER_BYTES));
    List<MappedPages> sections = new ArrayList<>();
    for (int i = 0; i < count; i++, header += SECTION_BYTES) {
      sections.add(section(image, header, base));
    }
    return List.copyOf(sections);
  }

  private static MappedPages section(MemorySegment image, long header, long base) {
    long size = Integer.toUnsignedLong(image.get(INT, header + SECTION_SIZE));
    long at = Integer.toUnsignedLong(image.get(INT, header + SECTION_ADDRESS));
    int flags = image.get(INT, header + SECTION_FLAGS);
    long pages = (size + AddressSpace.PAGE_BYTES - 1) / AddressSpace.PAGE_BYTES;
    boolean execute = (flags & EXECUTE) != 0;
    boolean write = (flags & WRITE) != 0;
    if (pages == 0
        || at % AddressSpace.PAGE_BYTES != 0
        || at + size > image.byteSize()
        || execute && write) {
      throw new AgentException(
          "agent's section must be pages of its image, of code or of data: offset=0x"
              + Long.toHexString(at)
              + ", size=0x"
              + Long.toHexString(size)
              + ", flags=0x"
              + Integer.toHexString(flags));
    }
    return new MappedPages(
        base + at, pages, new MappingAttributes(write, execute, CacheType.WRITE_BACK));
  }
}
