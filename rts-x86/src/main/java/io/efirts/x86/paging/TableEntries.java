// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The raw entries of one table in guest memory that is in use, whoever owns it: for those who keep
 * entries of several tables alike. Every access is one access of the whole entry.
 *
 * <p>Any thread may call. Nothing blocks or allocates but {@link #ofRoot}.
 */
public final class TableEntries {
  private static final VarHandle LONG_ENTRY =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle INT_ENTRY =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final MemorySegment bytes;
  private final long offset;
  private final boolean wide;

  private TableEntries(MemorySegment bytes, long offset, boolean wide) {
    this.bytes = bytes;
    this.offset = offset;
    this.wide = wide;
  }

  /**
   * The entries of a root.
   *
   * @param mode its mode
   * @param memory where it lies
   * @param root its address
   * @return the entries
   * @throws IllegalArgumentException if there is no memory, or it is not aligned as a root must be
   */
  public static TableEntries ofRoot(PagingMode mode, GuestMemory memory, PhysicalAddress root) {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(root, "root");
    int size = mode.entries(mode.levels()) * mode.entryBytes();
    MemoryRegion region = memory.regionAt(root.value());
    if (root.value() % size != 0
        || region == null
        || region.bytes().maxByteAlignment() < Long.BYTES) {
      throw new IllegalArgumentException(
          "root must be a table in guest memory that is aligned to 8 bytes: root=" + root);
    }
    return new TableEntries(
        region.bytes(), region.offsetOf(root.value()), mode.entryBytes() == Long.BYTES);
  }

  /**
   * Loads an entry with acquire: what was stored before the entry was stored with release or
   * stronger, such as the table it leads to, is seen afterwards.
   *
   * @param index which entry
   * @return the entry; bits 63:32 are clear where it has 4 bytes
   */
  public long load(int index) {
    return wide
        ? (long) LONG_ENTRY.getAcquire(bytes, offset + (long) index * Long.BYTES)
        : (int) INT_ENTRY.getAcquire(bytes, offset + (long) index * Integer.BYTES) & 0xFFFF_FFFFL;
  }

  /**
   * Replaces an entry unless somebody else has, a processor that sets A or D included. Has the
   * effects of a volatile load and store.
   *
   * @param index which entry
   * @param expected what it must be
   * @param entry what it becomes
   * @return whether it was replaced
   */
  public boolean compareAndSet(int index, long expected, long entry) {
    return wide
        ? LONG_ENTRY.compareAndSet(bytes, offset + (long) index * Long.BYTES, expected, entry)
        : INT_ENTRY.compareAndSet(
            bytes, offset + (long) index * Integer.BYTES, (int) expected, (int) entry);
  }
}
