// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.FlushToken;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.paging.FrameBitmap;
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

  final Granule granule;
  final long base;
  final MemorySegment bytes;
  final GuestMemory memory;
  final FrameBitmap frames;
  private final int total;

  Guest(Granule granule, int frameCount) {
    this(
        granule,
        Arena.ofAuto()
            .allocate((long) frameCount * granule.bytes(), granule.bytes())
            .fill((byte) 0xA5));
  }

  /** Over memory as it is. */
  Guest(Granule granule, MemorySegment bytes) {
    this(granule, bytes, BASE);
  }

  /** Over memory as it is, at another place. */
  Guest(Granule granule, MemorySegment bytes, long base) {
    MemoryRegion region = new MemoryRegion(new PhysicalAddress(base), bytes);
    this.base = base;
    this.granule = granule;
    this.bytes = bytes;
    this.memory = GuestMemory.of(List.of(region));
    this.frames = FrameBitmap.of(granule.page(), region);
    this.total = frames.freeFrames();
  }

  /** Tables for addresses of 48 bits. */
  PageTablesBuilder builder() {
    return builder(48);
  }

  PageTablesBuilder builder(int virtualBits) {
    return builder(new PagingMode(granule, virtualBits));
  }

  PageTablesBuilder builder(PagingMode mode) {
    return PageTables.builder(mode, memory, frames);
  }

  int framesInUse() {
    return total - frames.freeFrames();
  }

  /** Address of the n-th frame; they are given out upwards, so the root is the first. */
  long frame(int n) {
    return base + (long) n * granule.bytes();
  }

  long load(long physical) {
    return bytes.get(
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), physical - base);
  }

  void store(long physical, long value) {
    bytes.set(
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), physical - base, value);
  }

  static FlushToken mapping(
      PageTables tables, long virtual, long physical, long length, MappingAttributes attributes) {
    return tables.map(
        new VirtualAddress(virtual), new PhysicalAddress(physical), length, attributes);
  }

  static FlushToken unmapping(PageTables tables, long virtual, long length) {
    return tables.unmap(new VirtualAddress(virtual), length);
  }

  static FlushToken protecting(
      PageTables tables, long virtual, long length, MappingAttributes attributes) {
    return tables.protect(new VirtualAddress(virtual), length, attributes);
  }

  static FlushToken joining(PageTables tables, long virtual, long length) {
    return tables.join(new VirtualAddress(virtual), length);
  }

  static FlushToken splitting(PageTables tables, long virtual, long length) {
    return tables.split(new VirtualAddress(virtual), length);
  }

  static void map(
      PageTables tables, long virtual, long physical, long length, MappingAttributes attributes) {
    mapping(tables, virtual, physical, length, attributes).flush();
  }

  static void unmap(PageTables tables, long virtual, long length) {
    unmapping(tables, virtual, length).flush();
  }

  static void protect(PageTables tables, long virtual, long length, MappingAttributes attributes) {
    protecting(tables, virtual, length, attributes).flush();
  }

  static void join(PageTables tables, long virtual, long length) {
    joining(tables, virtual, length).flush();
  }

  static void split(PageTables tables, long virtual, long length) {
    splitting(tables, virtual, length).flush();
  }
}
