// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.agent;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.PhysicalAddress;

/**
 * What the agent says of the machine once it has left boot services.
 *
 * <pre>
 * 0x000 "RTSAGENT", written last
 * 0x008 u32 version of all these layouts, 1
 * 0x00C u32 architecture: 1 x86-64, 2 arm64
 * 0x010 arena: address
 * 0x018 arena: bytes
 * 0x020 image: address
 * 0x028 image: bytes
 * 0x030 EFI system table
 * 0x038 memory attributes table, 0 if there is none
 * 0x040 memory map: offset
 * 0x048 memory map: bytes
 * 0x050 memory map: bytes of a descriptor
 * 0x058 memory map: version of a descriptor
 * 0x060 where calls return to
 * 0x068 where a debugger sends a call that does not return
 * </pre>
 *
 * @param arenaBytes size of the memory that is the agent's and the host's, mailbox included
 * @param imageBase where the agent itself lies
 * @param imageBytes its size
 * @param systemTable the EFI system table's physical address
 * @param attributesTable the memory attributes table's physical address, 0 if there is none
 * @param memoryMap as it was when boot services ended
 * @param returnAddress where calls return to
 * @param unwindAddress where a debugger sends a call that does not return
 */
record Announcement(
    long arenaBytes,
    long imageBase,
    long imageBytes,
    long systemTable,
    long attributesTable,
    MemoryMap memoryMap,
    long returnAddress,
    long unwindAddress) {
  /** "RTSAGENT". */
  private static final long MAGIC = 0x544E_4547_4153_5452L;

  private static final long VERSION = 1;
  private static final long MOST_MAP_BYTES = Mailbox.BYTES - Mailbox.MEMORY_MAP;

  /** What hosts are made for. */
  private static final long LEAST_ARENA_BYTES = 16 << 20;

  private static final long MOST_ARENA_BYTES = 64 << 20;
  private static final long MOST_IMAGE_BYTES = 1 << 20;

  /** Whether the agent has announced itself. */
  static boolean isThere(Mailbox mailbox) {
    return mailbox.getAcquire(0) == MAGIC;
  }

  /**
   * Reads the announcement.
   *
   * @param mailbox one in which it is there
   * @param architecture the code of the architecture that is expected
   * @throws AgentException if it is not of that architecture or version, or cannot be true
   */
  static Announcement read(Mailbox mailbox, int architecture) {
    require("version must be that of the host", mailbox.get(0x008) & 0xFFFF_FFFFL, VERSION);
    require("architecture must be the machine's", mailbox.get(0x008) >>> 32, architecture);
    require("arena must begin with the mailbox", mailbox.get(0x010), mailbox.addressOf(0));
    long arenaBytes = bounded("arena", mailbox.get(0x018), LEAST_ARENA_BYTES, MOST_ARENA_BYTES);
    requirePages("arena must be whole pages", arenaBytes);
    long image = physical("image", mailbox.get(0x020));
    requirePages("image must begin with a page", image);
    long imageBytes = bounded("image", mailbox.get(0x028), 1, MOST_IMAGE_BYTES);
    long mapBytes = bounded("memory map", mailbox.get(0x048), 1, MOST_MAP_BYTES);
    require(
        "memory map must lie where there is room for it", mailbox.get(0x040), Mailbox.MEMORY_MAP);
    return new Announcement(
        arenaBytes,
        image,
        imageBytes,
        physical("system table", mailbox.get(0x030)),
        mailbox.get(0x038),
        map(mailbox, mapBytes),
        within("return address", mailbox.get(0x060), image, imageBytes),
        within("unwind address", mailbox.get(0x068), image, imageBytes));
  }

  private static MemoryMap map(Mailbox mailbox, long bytes) {
    try {
      return MemoryMap.read(
          mailbox.bytes().asSlice(Mailbox.MEMORY_MAP, bytes),
          mailbox.get(0x050),
          mailbox.get(0x058));
    } catch (IllegalArgumentException e) {
      throw new AgentException("memory map must be readable: " + e.getMessage(), e);
    }
  }

  private static long bounded(String name, long bytes, long least, long most) {
    if (bytes < least || bytes > most) {
      throw new AgentException(
          name
              + " must have "
              + least
              + " to "
              + most
              + " bytes: bytes="
              + Long.toUnsignedString(bytes));
    }
    return bytes;
  }

  private static long physical(String name, long address) {
    if (address >>> PhysicalAddress.MAXIMUM_BITS != 0) {
      throw new AgentException(
          name + " must lie below 2^52: address=0x" + Long.toHexString(address));
    }
    return address;
  }

  private static long within(String name, long address, long image, long imageBytes) {
    if (address < image || address - image >= imageBytes) {
      throw new AgentException(
          name
              + " must lie in the image: address=0x"
              + Long.toHexString(address)
              + ", image=0x"
              + Long.toHexString(image)
              + ", bytes="
              + imageBytes);
    }
    return address;
  }

  private static void requirePages(String rule, long value) {
    if (value % AddressSpace.PAGE_BYTES != 0) {
      throw new AgentException(rule + ": value=0x" + Long.toHexString(value));
    }
  }

  private static void require(String rule, long value, long expected) {
    if (value != expected) {
      throw new AgentException(
          rule
              + ": value=0x"
              + Long.toHexString(value)
              + ", expected=0x"
              + Long.toHexString(expected));
    }
  }
}
