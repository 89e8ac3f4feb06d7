// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/**
 * I-28: an owner that was fenced cannot change the store. Here somebody takes over in the middle of
 * SetVariable, as the panicking thread does: it kills the record it finds claimed and appends one
 * of its own behind it; then the old owner goes on.
 */
class FencedWriterTest {
  private static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  /** Runs an action in front of one operation, once. */
  private static final class Interrupted implements NvStorage {
    private final NvStorage target;
    private int countdown = -1;
    private Runnable action;

    Interrupted(NvStorage target) {
      this.target = target;
    }

    private void step() {
      if (countdown >= 0 && countdown-- == 0) {
        action.run();
      }
    }

    @Override
    public long sizeBytes() {
      return target.sizeBytes();
    }

    @Override
    public MemorySegment content() {
      return target.content();
    }

    @Override
    public boolean readOnly() {
      return false;
    }

    @Override
    public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
      step();
      target.write(offset, source, sourceOffset, lengthBytes);
    }

    @Override
    public boolean compareAndSetWord(long offset, int expected, int replacement) {
      step();
      return target.compareAndSetWord(offset, expected, replacement);
    }

    @Override
    public void force(long offset, long lengthBytes) {
      step();
      target.force(offset, lengthBytes);
    }
  }

  @Test
  void aRecordKilledBeforeItsCommitNeverCounts() throws Exception {
    NvStorage memory = NvImage.inMemory(NvLayout.OVMF_2M).storage();
    int fenced = 0;
    int committedFirst = 0;
    for (int at = 0; at < 14; at++) {
      String name = "V" + at;
      Interrupted storage = new Interrupted(memory);
      FirmwareHarness owner =
          new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build());
      assertStatus(EfiStatus.SUCCESS, owner.set(name, GUID, 7, (byte) 1));
      storage.countdown = at;
      storage.action = () -> takeOver(memory, name);
      EfiStatus status = EfiStatus.of(owner.set(name, GUID, 7, new byte[200]));
      storage.countdown = -1;

      FirmwareHarness after =
          new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(memory)).build());
      assertStatus(EfiStatus.SUCCESS, after.get(name, GUID));
      if (status.equals(EfiStatus.DEVICE_ERROR)) {
        fenced++;
        assertArrayEquals(new byte[] {1}, after.data());
      } else {
        assertEquals(EfiStatus.SUCCESS, status);
        committedFirst++;
        assertEquals(200, after.size());
      }
      boolean tookOver = storage.action == null || status.equals(EfiStatus.DEVICE_ERROR);
      if (tookOver) {
        assertStatus(EfiStatus.SUCCESS, after.get("dump" + name, GUID));
        assertArrayEquals(new byte[] {9, 9, 9}, after.data());
      }
    }
    assertEquals(14, fenced + committedFirst);
    assertEquals(true, fenced >= 8);
  }

  /** What a successor does that knows nothing but the bytes. */
  private static void takeOver(NvStorage memory, String name) {
    try {
      NvImage image = NvImage.of(memory);
      VariableStore store = image.store();
      for (long record = store.first(); record != VariableStore.NONE; record = store.next(record)) {
        if (store.state(record) == RecordState.HEADER_ONLY) {
          memory.compareAndSetWord(record, StoreWriter.HEADER_ONLY_WORD, StoreWriter.GIVEN_UP_WORD);
        }
      }
      FirmwareHarness successor = new FirmwareHarness(ReferenceFirmware.builder(image).build());
      assertStatus(
          EfiStatus.SUCCESS, successor.set("dump" + name, GUID, 7, (byte) 9, (byte) 9, (byte) 9));
    } catch (NvImageException e) {
      throw new AssertionError(e);
    }
  }
}
