// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Guest RAM: a file that QEMU maps as the machine's memory and this JVM maps too.
 *
 * <p>The mapping lives as long as anything here holds a segment of it, and not as long as the
 * machine ({@link Arena#ofAuto}). A thread may be waiting in the mailbox when the machine is
 * closed; were the mapping closed with it, that thread would get an exception at a point where the
 * crash path can neither allocate nor unwind. So it just never sees an answer, and sees in {@link
 * QemuMachine#isAlive()} why. The price: the deleted file's blocks (some 30 MB of the 256 once
 * firmware ran) are given back only when the garbage collector finds the segment.
 */
final class GuestRam {
  private GuestRam() {}

  /**
   * Makes a file of zeros, as long as a machine's RAM, without blocks.
   *
   * @throws MachineException if the file cannot be made
   */
  static void create(Path file) {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      ZeroSparingCopy.setSize(channel, GuestArch.RAM_BYTES);
    } catch (IOException e) {
      throw new MachineException("file of guest RAM must be writable: file=" + file, e);
    }
  }

  /**
   * Maps a file as the RAM of a machine.
   *
   * @throws MachineException if it cannot be mapped
   */
  static GuestMemory map(Path file, GuestArch arch) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment bytes =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, GuestArch.RAM_BYTES, Arena.ofAuto());
      return GuestMemory.of(List.of(new MemoryRegion(new PhysicalAddress(arch.ramBase()), bytes)));
    } catch (IOException e) {
      throw new MachineException("file of guest RAM must be mappable: file=" + file, e);
    }
  }
}
