// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
import io.efirts.api.paging.PageSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Memory for tables that holds garbage at first, its frames, and short words for the tests. */
final class Guest {
  static final long BASE = 0x10_0000;
  static final long KIB = 1L << 10;
  static final long MIB = 1L << 20;
  static final long GIB = 1L << 30;
  static final long PAGE = 4 * KIB;

  final MemorySegment bytes;
  final GuestMemory memory;
  final FrameBitmap frames;
  private final int total;

  Guest(int frameCount) {
    this(Arena.ofAuto().allocate(frameCount * PAGE, PAGE).fill((byte) 0xA5));
  }

  /** Over memory as it is. */
  Guest(MemorySegment bytes) {
    MemoryRegion region = new MemoryRegion(new PhysicalAddress(BASE), bytes);
    this.bytes = bytes;
    this.memory = GuestMemory.of(List.of(region));
    this.frames = FrameBitmap.of(PageSize.FOUR_KIB, region);
    this.total = frames.freeFrames();
  }

  PageTablesBuilder builder(PagingMode mode) {
    return PageTables.builder(mode, memory, frames);
  }

  int framesInUse() {
    return total - frames.freeFrames();
  }

  long load64(long physical) {
    return bytes.get(
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), physical - BASE);
  }

  long load32(long physical) {
    return bytes.get(
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), physical - BASE)
        & 0xFFFF_FFFFL;
  }

  void store64(long physical, long value) {
    bytes.set(
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), physical - BASE, value);
  }

  void store32(long physical, int value) {
    bytes.set(
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), physical - BASE, value);
  }

  static void map(
      PageTables tables, long virtual, long physical, long length, MappingAttributes attributes) {
    tables
        .map(new VirtualAddress(virtual), new PhysicalAddress(physical), length, attributes)
        .flush();
  }

  static void unmap(PageTables tables, long virtual, long length) {
    tables.unmap(new VirtualAddress(virtual), length).flush();
  }

  static void protect(PageTables tables, long virtual, long length, MappingAttributes attributes) {
    tables.protect(new VirtualAddress(virtual), length, attributes).flush();
  }

  static void split(PageTables tables, long virtual, long length) {
    tables.split(new VirtualAddress(virtual), length).flush();
  }

  static FlushToken join(PageTables tables, long virtual, long length) {
    return tables.join(new VirtualAddress(virtual), length);
  }
}
