// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import com.sun.management.ThreadMXBean;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Crashes in a JVM in which nothing was compiled and no firmware called before: over a file, over
 * memory, in guest memory, and with the heap exhausted. Between the marks stands what the JVM says
 * of all but the last.
 */
final class CrashInFreshJvm {
  static final String BEGIN = "== crash begins ==";
  static final String END = "== crash has ended ==";
  static final String ALLOCATED = "== bytes allocated: ";

  private static final int BLOCKS = 1 << 16;
  private static final int LARGEST_BLOCK_BYTES = 1 << 20;

  private CrashInFreshJvm() {}

  /** The argument is a file to be made. */
  public static void main(String[] arguments) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    threads.getCurrentThreadAllocatedBytes();
    try (NvImage file = NvImage.create(Path.of(arguments[0]), NvLayout.OVMF_4M)) {
      PackedCrash overFile = crashOf(file);
      PackedCrash overMemory = crashOf(NvImage.inMemory(NvLayout.OVMF_4M));
      PackedCrash placed = placedCrash();
      PackedCrash withoutHeap = crashOf(NvImage.inMemory(NvLayout.OVMF_4M));
      PackedCrash placedWithoutHeap = placedCrash();

      System.out.println(BEGIN);
      long start = threads.getCurrentThreadAllocatedBytes();
      boolean fileWorked = overFile.makeAll();
      boolean memoryWorked = overMemory.makeAll();
      boolean placedWorked = placed.makeAll();
      long end = threads.getCurrentThreadAllocatedBytes();
      System.out.println(END);
      require(fileWorked, "calls over a file must succeed");
      require(memoryWorked, "calls over memory must succeed");
      require(placedWorked, "calls in guest memory must succeed");
      System.out.println(ALLOCATED + (end - start));

      byte[][] blocks = new byte[BLOCKS][];
      fillHeap(blocks);
      boolean worked = withoutHeap.makeAll() & placedWithoutHeap.makeAll();
      boolean exhausted = isHeapFull() && blocks[0] != null;
      blocks = null;
      require(exhausted, "the heap must have been exhausted");
      require(worked, "calls without a heap must succeed");
    }
  }

  private static PackedCrash crashOf(NvImage image) {
    return new PackedCrash(
        ReferenceFirmware.builder(image)
            .resetHandler((type, status, data, dataBytes) -> {})
            .build()
            .crashEntry());
  }

  private static PackedCrash placedCrash() {
    ReferenceMachine machine = ReferenceMachine.small();
    ReferenceFirmware firmware =
        ReferenceFirmware.builder(NvImage.inMemory(NvLayout.OVMF_2M))
            .placement(machine)
            .resetHandler((type, status, data, dataBytes) -> {})
            .build();
    return new PackedCrash(firmware.crashEntry(), machine);
  }

  /** Until not even the smallest object can be had. */
  private static void fillHeap(byte[][] blocks) {
    int bytes = LARGEST_BLOCK_BYTES;
    for (int i = 0; bytes > 0; ) {
      try {
        blocks[i] = new byte[bytes];
        i++;
      } catch (OutOfMemoryError full) {
        bytes /= 2;
      }
    }
  }

  private static boolean isHeapFull() {
    try {
      // What failed allocations have left may have been collected.
      return new byte[LARGEST_BLOCK_BYTES / 64].length == 0;
    } catch (OutOfMemoryError full) {
      return true;
    }
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new AssertionError(rule);
    }
  }
}
