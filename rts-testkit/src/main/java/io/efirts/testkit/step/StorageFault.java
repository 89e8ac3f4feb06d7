// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.step;

import io.efirts.api.spi.StorageException;

/**
 * Lets operations of a store fail. Before an operation the fault leaves the content as it was;
 * after one the operation has had its effect and says that it failed.
 *
 * <p>Safe for any thread.
 */
public final class StorageFault implements StorageHook {
  private final Occurrence<StorageStep> where;
  private final OccurrenceCounter<StorageStep> counter;
  private final boolean forGood;

  private StorageFault(Occurrence<StorageStep> where, boolean forGood) {
    this.where = where;
    this.counter = new OccurrenceCounter<>(where);
    this.forGood = forGood;
  }

  /**
   * One operation fails.
   *
   * @param where which step, counted from now on
   * @return a new hook
   */
  public static StorageFault at(Occurrence<StorageStep> where) {
    return new StorageFault(where, false);
  }

  /**
   * An operation fails, and every later one of its kind: a full disk from the n-th write on, a
   * broken one from the n-th force on.
   *
   * @param where the first step that fails, counted from now on
   * @return a new hook
   */
  public static StorageFault from(Occurrence<StorageStep> where) {
    return new StorageFault(where, true);
  }

  @Override
  public void reached(StorageStep step) {
    if (forGood ? counter.isNowOrPast(step) : counter.isNow(step)) {
      throw new StorageException(
          "injected: step=" + step + (forGood ? ", from=" : ", at=") + where.number(), null);
    }
  }
}
