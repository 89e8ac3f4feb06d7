// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.x86.paging.PagingMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/** A reference directory with one entry of the host's, a registry, and frames of directories. */
final class GrowingHost {
  static final long NOTHING = 0;
  static final long ONE_TABLE = 0x1003;
  static final long OTHER_TABLE = 0x2003;

  /** What whoever gets a directory's frame next writes there. */
  static final long REUSED = 0x4242_4242;

  private static final VarHandle ENTRY =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final int INDEX = 256;
  private static final HostArea AREA = new HostArea(INDEX, 1, INDEX, 0);
  private static final int FRAME = 4096;
  private static final long BASE = 0x10_0000;

  final PageDirectoryRegistry registry;
  private final MemorySegment bytes = MemorySegment.ofArray(new long[3 * FRAME / Long.BYTES]);

  GrowingHost() {
    GuestMemory memory =
        GuestMemory.of(List.of(new MemoryRegion(new PhysicalAddress(BASE), bytes)));
    registry = PageDirectoryRegistry.of(PagingMode.FOUR_LEVEL, memory, frame(0), AREA);
  }

  /** Frame 0 is the reference. */
  private static PhysicalAddress frame(int number) {
    return new PhysicalAddress(BASE + (long) number * FRAME);
  }

  RegisteredDirectory register(int number) {
    return registry.register(frame(number), DirectoryMirror.HOST_AREA);
  }

  /** Changes the reference and tells the registry, as a host does. */
  void change(long entry) {
    store(0, entry);
    registry.grown(INDEX, 1);
  }

  void store(int number, long entry) {
    ENTRY.setRelease(bytes, offset(number), entry);
  }

  long load(int number) {
    return (long) ENTRY.getAcquire(bytes, offset(number));
  }

  /** Whether a directory equals the reference. */
  boolean isInStep(int number) {
    return load(number) == load(0);
  }

  private static long offset(int number) {
    return (long) number * FRAME + (long) INDEX * Long.BYTES;
  }
}
