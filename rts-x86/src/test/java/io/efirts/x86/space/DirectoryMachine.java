// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameAllocator;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PageTablesBuilder;
import io.efirts.x86.paging.PagingMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** A host of one paging mode with a reference directory, and frames for further directories. */
final class DirectoryMachine {
  private static final long BASE = 0x10_0000;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  final PagingMode mode;
  final GuestMemory memory;

  /** The reference: changed by the host as it changes its own tables. */
  final PageTables host;

  private final MemorySegment bytes;
  private final FrameBitmap frames;

  DirectoryMachine(PagingMode mode) {
    this.mode = mode;
    bytes = Arena.ofAuto().allocate(64 * 4096L, 4096).fill((byte) 0xA5);
    MemoryRegion region = new MemoryRegion(new PhysicalAddress(BASE), bytes);
    memory = GuestMemory.of(List.of(region));
    frames = FrameBitmap.of(PageSize.FOUR_KIB, region);
    host = tables().build();
  }

  PageTablesBuilder tables() {
    return PageTables.builder(mode, memory, frames);
  }

  int freeFrames() {
    return frames.freeFrames();
  }

  PhysicalAddress reference() {
    return new PhysicalAddress(host.root());
  }

  /** A directory of nobody's, in which everything is different from the reference. */
  PhysicalAddress directory() {
    long frame = frames.allocate(PageSize.FOUR_KIB, 0xFFFF_FFFFL);
    if (frame == FrameAllocator.NONE) {
      throw new IllegalStateException("machine must have a frame left");
    }
    bytes.asSlice(frame - BASE, 4096).fill((byte) 0x5A);
    return new PhysicalAddress(frame);
  }

  /** The host maps a page without restrictions. */
  void map(long virtual, long physical) {
    host.map(
            new VirtualAddress(virtual),
            new PhysicalAddress(physical),
            4096,
            new MappingAttributes(true, true, MappingAttributes.DATA.cacheType()))
        .flush();
  }

  void unmap(long virtual) {
    host.unmap(new VirtualAddress(virtual), 4096).flush();
  }

  long load(PhysicalAddress table, int index) {
    long offset = table.value() - BASE + (long) index * mode.entryBytes();
    return mode.entryBytes() == 8 ? bytes.get(LONG, offset) : bytes.get(INT, offset) & 0xFFFF_FFFFL;
  }

  void store(PhysicalAddress table, int index, long entry) {
    long offset = table.value() - BASE + (long) index * mode.entryBytes();
    if (mode.entryBytes() == 8) {
      bytes.set(LONG, offset, entry);
    } else {
      bytes.set(INT, offset, (int) entry);
    }
  }
}
