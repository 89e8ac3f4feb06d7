// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import io.efirts.api.spi.NvStorage;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Storage that counts its operations and tells hooks of them, which stop threads there, let
 * operations fail or yield to a scheduler.
 *
 * <p>Safe for any thread; adds neither locks nor allocation to the storage behind it, other than
 * those of its hooks. If a hook throws, those behind it are not told.
 */
public final class SteppedStorage implements NvStorage {
  private static final int STEPS = StorageStep.values().length;

  private final NvStorage storage;
  private final AtomicLongArray counts = new AtomicLongArray(STEPS);

  /** Replaced, never changed: an array and no list, because its iterator would allocate. */
  private volatile StorageHook[] hooks = {};

  /**
   * Storage without hooks yet.
   *
   * @param storage does the work
   */
  public SteppedStorage(NvStorage storage) {
    this.storage = Objects.requireNonNull(storage, "storage");
  }

  /**
   * Tells one more hook, after the others, of every step from now on.
   *
   * @param hook the hook
   * @param <H> its type
   * @return the hook, for use in a try statement
   */
  public synchronized <H extends StorageHook> H add(H hook) {
    Objects.requireNonNull(hook, "hook");
    StorageHook[] more = Arrays.copyOf(hooks, hooks.length + 1);
    more[hooks.length] = hook;
    hooks = more;
    return hook;
  }

  /**
   * Tells a hook no more. A step that is being made may still reach it.
   *
   * @param hook one that was added
   */
  public synchronized void remove(StorageHook hook) {
    hooks = Arrays.stream(hooks).filter(one -> one != hook).toArray(StorageHook[]::new);
  }

  /**
   * How often a step was reached: with the steps before an operation, how often it was tried.
   *
   * @param step which step
   * @return how often since this storage was made
   */
  public long count(StorageStep step) {
    return counts.get(step.ordinal());
  }

  @Override
  public long sizeBytes() {
    return storage.sizeBytes();
  }

  @Override
  public MemorySegment content() {
    return storage.content();
  }

  @Override
  public boolean readOnly() {
    return storage.readOnly();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long lengthBytes) {
    reached(StorageStep.BEFORE_WRITE);
    storage.write(offset, source, sourceOffset, lengthBytes);
    reached(StorageStep.AFTER_WRITE);
  }

  @Override
  public boolean compareAndSetWord(long offset, int expected, int replacement) {
    reached(StorageStep.BEFORE_COMPARE_AND_SET);
    boolean changed = storage.compareAndSetWord(offset, expected, replacement);
    reached(StorageStep.AFTER_COMPARE_AND_SET);
    return changed;
  }

  @Override
  public void force(long offset, long lengthBytes) {
    reached(StorageStep.BEFORE_FORCE);
    storage.force(offset, lengthBytes);
    reached(StorageStep.AFTER_FORCE);
  }

  private void reached(StorageStep step) {
    counts.getAndIncrement(step.ordinal());
    for (StorageHook hook : hooks) {
      hook.reached(step);
    }
  }
}
