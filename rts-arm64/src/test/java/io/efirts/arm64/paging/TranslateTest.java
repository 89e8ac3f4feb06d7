// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static io.efirts.api.memory.MappingAttributes.DATA;
import static io.efirts.api.memory.MappingAttributes.READ_ONLY;
import static io.efirts.arm64.paging.Guest.GIB;
import static io.efirts.arm64.paging.Guest.MIB;
import static io.efirts.arm64.paging.Guest.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.Translation;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Translating asks for no memory, and can go on beside one thread that maps. */
@Timeout(60)
class TranslateTest {
  private static final int ROUNDS = 200;
  private static final int PAGES = 4096;

  @Test
  void translatingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Guest guest = new Guest(Granule.FOUR_KIB, 64);
    PageTables tables = guest.builder().build();
    Guest.map(tables, 0, 0, 3 * MIB, READ_ONLY);
    // Also while entries wait for a flush.
    Guest.unmapping(tables, 0, PAGE);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        tables.translate(i * PAGE, Access.READ);
        tables.translate(2 * MIB + i * PAGE, Access.WRITE);
        tables.translate(1L << 48, Access.EXECUTE);
        tables.translate(-1, Access.WRITE);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  @Test
  void aPageThatIsMappedMeanwhileIsThereOrNot() throws ExecutionException, InterruptedException {
    Guest guest = new Guest(Granule.FOUR_KIB, 64);
    PageTables tables = guest.builder().build();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < PAGES; i++) {
                Guest.map(tables, GIB - 1000 * PAGE + i * PAGE, 7 * GIB + i * PAGE, PAGE, DATA);
              }
            });
    int seen = 0;
    while (seen < PAGES && !writer.isCompletedExceptionally()) {
      long translation = tables.translate(GIB - 1000 * PAGE + seen * PAGE, Access.WRITE);
      if (!Translation.isFault(translation)) {
        assertEquals(7 * GIB + seen * PAGE, translation);
        seen++;
      } else {
        assertEquals(FaultKind.NOT_MAPPED, Translation.faultKind(translation));
      }
    }
    writer.get();
    assertEquals(PAGES, seen);
  }
}
