// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiGuid;
import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** I-15, on real bytes: whoever fills the store through the dispatcher stops before the reserve. */
class StorageReserveTest {
  private static final EfiGuid GUID = EfiGuid.of("f6fac7c0-1d1f-4bd3-9f0b-0d2f4d4f0a03");
  private static final long RESERVE = 5120;
  private static final int LARGEST = 2000;
  private static final MemorySegment DATA = MemorySegment.ofArray(new byte[LARGEST]);

  /** Of any size, on any path, until even the smallest write is refused. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theRemainingStorageNeverFallsBelowTheReserve(long seed) {
    Random random = new Random(seed);
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(ReferenceFirmware.builder(NvLayout.OVMF_4M).build())
            .invoker()
            .start()) {
      int written = 0;
      int largest = LARGEST;
      while (largest > 1) {
        int size = 1 + random.nextInt(largest - 1);
        CallResult result = write(dispatcher, random.nextBoolean(), written, size);
        assertTrue(remaining(dispatcher) >= RESERVE, () -> "size=" + size + ", result=" + result);
        if (result.isSuccess()) {
          written++;
        } else {
          assertEquals(Outcome.STORAGE_RESERVE, result.outcome());
          largest = size;
        }
      }
      assertTrue(written > 20, "the store has room: written=" + written);
      assertTrue(remaining(dispatcher) < RESERVE + 200, "it was filled");
    }
  }

  @Test
  void withoutAReserveTheStoreIsFilledToItsEnd() {
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(ReferenceFirmware.builder(NvLayout.OVMF_4M).build())
            .invoker()
            .storageReserve(0)
            .start()) {
      int written = 0;
      CallResult result = write(dispatcher, true, written, LARGEST);
      while (result.isSuccess()) {
        written++;
        result = write(dispatcher, true, written, LARGEST);
      }
      assertEquals(Outcome.COMPLETED, result.outcome(), "firmware's own answer");
      assertTrue(remaining(dispatcher) < RESERVE);
    }
  }

  private static CallResult write(Dispatcher dispatcher, boolean queued, int number, int size) {
    NonBlockingRuntimeServices direct = dispatcher.nonBlocking();
    return queued
        ? dispatcher.runtimeServices().setVariable("v" + number, GUID, 7, size, DATA)
        : direct.setVariable("v" + number, GUID, 7, size, DATA);
  }

  private static long remaining(Dispatcher dispatcher) {
    LongHolder remaining = new LongHolder();
    CallResult result =
        dispatcher
            .runtimeServices()
            .queryVariableInfo(7, new LongHolder(), remaining, new LongHolder());
    assertTrue(result.isSuccess());
    return remaining.value;
  }
}
