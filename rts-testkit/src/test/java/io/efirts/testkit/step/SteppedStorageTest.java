// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spi.StorageException;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.lockstep.Lockstep;
import io.efirts.testkit.lockstep.Schedule;
import io.efirts.testkit.lockstep.Turn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every operation of a store can be stopped at and can fail, before its effect and after it. */
@Timeout(60)
class SteppedStorageTest {
  private static final MemorySegment ONES = MemorySegment.ofArray(new byte[] {1, 1, 1, 1});

  private final WordStorage behind = new WordStorage();
  private final SteppedStorage storage = new SteppedStorage(behind);

  @Test
  void operationsGoThroughAndAreCounted() {
    storage.write(4, ONES, 0, 4);
    assertEquals(0x01010101, behind.word(4));
    assertTrue(storage.compareAndSetWord(4, 0x01010101, 7));
    assertFalse(storage.compareAndSetWord(4, 0x01010101, 8));
    assertEquals(7, behind.word(4));
    storage.force(4, 8);
    assertEquals("4+8", behind.lastForced());
    assertEquals(16, storage.sizeBytes());
    assertFalse(storage.readOnly());
    assertEquals(-1, storage.content().mismatch(behind.content()));
    assertTrue(storage.content().isReadOnly());

    assertEquals(1, storage.count(StorageStep.BEFORE_WRITE));
    assertEquals(1, storage.count(StorageStep.AFTER_WRITE));
    assertEquals(2, storage.count(StorageStep.BEFORE_COMPARE_AND_SET));
    assertEquals(2, storage.count(StorageStep.AFTER_COMPARE_AND_SET));
    assertEquals(1, storage.count(StorageStep.BEFORE_FORCE));
    assertEquals(1, storage.count(StorageStep.AFTER_FORCE));
  }

  @Test
  void hooksAreToldInOrderFromWhenTheyWereAdded() {
    List<StorageStep> told = new ArrayList<>();
    storage.force(0, 4);
    StorageHook hook = storage.add(told::add);
    storage.write(0, ONES, 0, 4);
    storage.compareAndSetWord(0, 0, 1);
    storage.remove(hook);
    storage.force(0, 4);
    assertEquals(
        List.of(
            StorageStep.BEFORE_WRITE,
            StorageStep.AFTER_WRITE,
            StorageStep.BEFORE_COMPARE_AND_SET,
            StorageStep.AFTER_COMPARE_AND_SET),
        told);
  }

  @Test
  void aWriteFailsBeforeItsEffectOrAfterIt() {
    storage.add(StorageFault.at(Occurrence.nth(StorageStep.BEFORE_WRITE, 2)));
    storage.add(StorageFault.at(Occurrence.nth(StorageStep.AFTER_COMPARE_AND_SET, 1)));
    storage.write(0, ONES, 0, 4);
    assertEquals(
        "injected: step=BEFORE_WRITE, at=2",
        assertThrows(StorageException.class, () -> storage.write(4, ONES, 0, 4)).getMessage());
    assertEquals(0, behind.word(4));
    storage.write(4, ONES, 0, 4);
    assertEquals(0x01010101, behind.word(4));
    assertThrows(StorageException.class, () -> storage.compareAndSetWord(8, 0, 5));
    assertEquals(5, behind.word(8));
    assertEquals(3, storage.count(StorageStep.BEFORE_WRITE));
    assertEquals(2, storage.count(StorageStep.AFTER_WRITE));
  }

  @Test
  void theDiskIsFullFromTheSecondWriteOn() {
    StorageHook full = storage.add(StorageFault.from(Occurrence.nth(StorageStep.BEFORE_WRITE, 2)));
    storage.write(0, ONES, 0, 4);
    for (int i = 0; i < 3; i++) {
      assertEquals(
          "injected: step=BEFORE_WRITE, from=2",
          assertThrows(StorageException.class, () -> storage.write(4, ONES, 0, 4)).getMessage());
    }
    assertEquals(0, behind.word(4));
    assertTrue(storage.compareAndSetWord(8, 0, 1));
    storage.force(0, 4);
    storage.remove(full);
    storage.write(4, ONES, 0, 4);
    assertEquals(0x01010101, behind.word(4));
  }

  @Test
  void aThreadStopsBeforeItsCommit() throws InterruptedException {
    try (StorageStop stop =
        storage.add(new StorageStop(Occurrence.first(StorageStep.BEFORE_COMPARE_AND_SET)))) {
      CallerThread<Boolean> writer =
          CallerThread.start(
              () -> {
                storage.write(4, ONES, 0, 4);
                return storage.compareAndSetWord(0, 0, 1);
              });
      assertSame(writer.thread(), stop.awaitStopped());
      writer.awaitParked();
      assertTrue(stop.reached());
      assertEquals(0x01010101, behind.word(4));
      // Another thread takes over meanwhile.
      assertTrue(storage.compareAndSetWord(0, 0, 2));
      stop.release();
      assertFalse(writer.result());
      assertEquals(2, behind.word(0));
    }
  }

  @Test
  void actorsInterleaveBetweenTheirOperations() {
    Set<Integer> words = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      SteppedStorage shared = new SteppedStorage(new WordStorage());
      Schedule schedule =
          Lockstep.run(
              seed,
              scheduler -> {
                shared.add(scheduler.yieldAtStorageSteps());
                shared.write(0, ONES, 0, 4);
                scheduler.actor("first", () -> shared.compareAndSetWord(0, 0x01010101, 1));
                scheduler.actor("second", () -> shared.compareAndSetWord(0, 0x01010101, 2));
              });
      assertTrue(
          schedule.turns().contains(new Turn("first", "BEFORE_COMPARE_AND_SET")),
          schedule::toString);
      words.add((int) shared.content().get(ValueLayout.JAVA_BYTE, 0));
    }
    assertEquals(Set.of(1, 2), words);
  }
}
