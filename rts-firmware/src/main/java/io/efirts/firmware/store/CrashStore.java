// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spi.NvStorage;
import io.efirts.api.spi.StorageException;
import java.util.function.UnaryOperator;

/**
 * The variables of an image once more, for a crash that stopped the image's user anywhere: a store
 * of its own over the same bytes, with a lease of its own on the same storage. Both exist from the
 * beginning, so that a crash allocates nothing.
 *
 * <p>Used by one thread at a time, beside the stopped one. Waits for nobody but the storage.
 */
public final class CrashStore {
  private final StorageLease lease;
  private final VariableStore store;
  private boolean taken;

  /**
   * The crash's way to a store.
   *
   * @param ordinary the lease of the store's ordinary user
   * @param location where the store is
   * @param formatter formats the image before its first change; null if it is formatted
   */
  CrashStore(StorageLease ordinary, StoreLocation location, ImageFormatter formatter) {
    this(
        ordinary,
        new StorageLease(ordinary.storage()),
        UnaryOperator.identity(),
        location,
        formatter);
  }

  /**
   * As above.
   *
   * @param lease the crash's own
   * @param way what is put in front of it
   */
  CrashStore(
      StorageLease ordinary,
      StorageLease lease,
      UnaryOperator<NvStorage> way,
      StoreLocation location,
      ImageFormatter formatter) {
    this.lease = lease;
    this.store =
        new VariableStore(way.apply(lease), location, formatter, new StoreTakeOver(ordinary));
  }

  StorageLease lease() {
    return lease;
  }

  /**
   * The variables, to be used after {@link #takeOver}.
   *
   * @return always the same store
   */
  public VariableStore store() {
    return store;
  }

  /**
   * Takes the storage from its ordinary user, the first time it is called: that one changes nothing
   * any more, and what it had not committed never will be. What it left is forced. Allocates
   * nothing.
   *
   * <p>If the storage refuses, or the user was stopped while it formatted an empty image, the
   * variables can be read, and the takeover is tried again in front of every change: until it
   * succeeds each change answers DEVICE_ERROR and changes nothing.
   */
  public void takeOver() {
    if (taken) {
      return;
    }
    taken = true;
    try {
      store.takeOver();
    } catch (StorageException refused) {
      store.noteFailure(refused);
    }
  }
}
