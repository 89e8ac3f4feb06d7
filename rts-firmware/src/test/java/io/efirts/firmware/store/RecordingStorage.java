// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spi.NvStorage;
import io.efirts.api.spi.StorageException;
import io.efirts.firmware.images.RecordedImages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Storage that remembers every change and every force, so that the medium after a power cut can be
 * made up: each word holds its last forced value or any later one. It can also refuse one
 * operation, before or after its effect.
 */
final class RecordingStorage implements NvStorage {
  private record Version(int operation, int value) {}

  private record Force(int operation, long from, long to) {}

  private static final int NEVER = -1;

  private final NvStorage memory;
  private final byte[] initial;
  private final Map<Long, List<Version>> versions = new HashMap<>();
  private final List<Force> forces = new ArrayList<>();
  private int operations;
  private int refusedOperation = NEVER;
  private boolean refusedAfterEffect;
  private int outageEnd;
  private boolean dies;
  private boolean dead;

  RecordingStorage(byte[] initial) {
    this.initial = initial.clone();
    this.memory = RecordedImages.storage(initial);
  }

  /** Number of operations so far. */
  int operations() {
    return operations;
  }

  void refuse(int operation, boolean afterEffect) {
    refusedOperation = operation;
    refusedAfterEffect = afterEffect;
  }

  /** As {@link #refuse}, but from there on every operation fails: the process was killed. */
  void die(int operation, boolean afterEffect) {
    refuse(operation, afterEffect);
    dies = true;
  }

  /** As {@link #refuse}, and the next operations fail too: those that would undo the change. */
  void refuseSeveral(int operation, boolean afterEffect, int count) {
    refuse(operation, afterEffect);
    outageEnd = operation + count;
  }

  /** A new process goes on with what the old one left, forced or not. */
  void revive() {
    dead = false;
  }

  boolean dead() {
    return dead;
  }

  boolean refused() {
    return operations > refusedOperation && refusedOperation != NEVER;
  }

  /** The medium after a cut in front of an operation. */
  byte[] mediumAfterCut(int cut, Random random) {
    byte[] medium = initial.clone();
    MemorySegment segment = MemorySegment.ofArray(medium);
    versions.forEach(
        (offset, list) -> {
          int durable = -1;
          int last = -1;
          for (int i = 0; i < list.size() && list.get(i).operation < cut; i++) {
            last = i;
            if (isForced(offset, list.get(i).operation, cut)) {
              durable = i;
            }
          }
          int chosen = durable + random.nextInt(last - durable + 1);
          if (chosen >= 0) {
            LittleEndian.putInt(segment, offset, list.get(chosen).value);
          }
        });
    return medium;
  }

  private boolean isForced(long offset, int operation, int cut) {
    for (Force force : forces) {
      if (force.operation > operation
          && force.operation < cut
          && force.from <= offset
          && force.to >= offset + Integer.BYTES) {
        return true;
      }
    }
    return false;
  }

  byte[] bytes() {
    return memory.content().toArray(ValueLayout.JAVA_BYTE);
  }

  private void changed(long from, long to) {
    for (long word = from & -4; word < to; word += Integer.BYTES) {
      versions
          .computeIfAbsent(word, offset -> new ArrayList<>())
          .add(new Version(operations, LittleEndian.getInt(memory.content(), word)));
    }
  }

  private void mayRefuse(boolean effectDone) {
    boolean outage = operations > refusedOperation && operations < outageEnd;
    boolean refused = operations == refusedOperation && effectDone == refusedAfterEffect;
    if (dead || outage || refused) {
      dead = dies;
      operations++;
      throw new StorageException("refused on purpose", null);
    }
  }

  @Override
  public long sizeBytes() {
    return memory.sizeBytes();
  }

  @Override
  public MemorySegment content() {
    return memory.content();
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    mayRefuse(false);
    memory.write(offset, source, sourceOffset, lengthBytes);
    changed(offset, offset + lengthBytes);
    mayRefuse(true);
    operations++;
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    mayRefuse(false);
    boolean set = memory.compareAndSetWord(offset, expected, replacement);
    if (set) {
      changed(offset, offset + Integer.BYTES);
    }
    mayRefuse(true);
    operations++;
    return set;
  }

  @Override
  public void force(long offset, long lengthBytes) {
    mayRefuse(false);
    forces.add(new Force(operations, offset, offset + lengthBytes));
    mayRefuse(true);
    operations++;
  }
}
