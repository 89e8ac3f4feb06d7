// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import io.efirts.api.spec.VariableAttributes;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.firmware.store.VariableStore;
import java.lang.foreign.MemorySegment;

/**
 * All variables: the volatile store, then the non-volatile one, which is the order of every search.
 */
public final class VariableTable {
  private static final int ANY = 0;

  private final VariableStore volatileStore;
  private final VariableStore nvStore;
  private final NvLayout layout;

  /** Set by the thread that ends the boot phase, read by whoever calls, after a crash too. */
  private volatile boolean runtime;

  /** The store of the record last found. */
  private VariableStore foundIn;

  /**
   * The variables of a machine that was just reset: no volatile ones.
   *
   * @param layout decides sizes and limits
   * @param nvStore holds the non-volatile ones
   * @param volatileStorage will hold the volatile ones
   */
  public VariableTable(NvLayout layout, VariableStore nvStore, NvStorage volatileStorage) {
    this.layout = layout;
    this.nvStore = nvStore;
    this.volatileStore = VariableStore.inMemory(volatileStorage);
  }

  /**
   * Says which rules hold.
   *
   * @param runtime true for those after ExitBootServices
   */
  public void runtime(boolean runtime) {
    this.runtime = runtime;
  }

  /**
   * Whether ExitBootServices was called.
   *
   * @return true in the runtime phase
   */
  public boolean runtime() {
    return runtime;
  }

  NvLayout layout() {
    return layout;
  }

  VariableStore volatileStore() {
    return volatileStore;
  }

  VariableStore nvStore() {
    return nvStore;
  }

  /** The store a variable with these attributes belongs to. */
  VariableStore storeFor(int attributes) {
    return (attributes & VariableAttributes.NON_VOLATILE) != 0 ? nvStore : volatileStore;
  }

  /** Attributes a variable must have to exist for a caller in this phase. */
  int requiredAttributes() {
    return runtime ? VariableAttributes.RUNTIME_ACCESS : ANY;
  }

  /** Finds a variable as a reader sees it; its store is {@link #foundIn}. */
  long find(MemorySegment name, long nameBytes, long guidLow, long guidHigh) {
    return find(name, nameBytes, guidLow, guidHigh, requiredAttributes());
  }

  /** Finds a variable whether the phase shows it or not. */
  long findHidden(MemorySegment name, long nameBytes, long guidLow, long guidHigh) {
    return find(name, nameBytes, guidLow, guidHigh, ANY);
  }

  private long find(
      MemorySegment name, long nameBytes, long guidLow, long guidHigh, int requiredAttributes) {
    foundIn = volatileStore;
    long record = foundIn.find(name, nameBytes, guidLow, guidHigh, requiredAttributes);
    if (record == VariableStore.NONE) {
      foundIn = nvStore;
      record = foundIn.find(name, nameBytes, guidLow, guidHigh, requiredAttributes);
    }
    return record;
  }

  /** The first variable of all; its store is {@link #foundIn}. */
  long first() {
    foundIn = volatileStore;
    return orFirstOfNext(volatileStore.nextVisible(VariableStore.NONE, requiredAttributes()));
  }

  /** The variable behind the one last found; its store is {@link #foundIn}. */
  long nextAfter(long record) {
    return orFirstOfNext(foundIn.nextVisible(record, requiredAttributes()));
  }

  private long orFirstOfNext(long record) {
    if (record != VariableStore.NONE || foundIn == nvStore) {
      return record;
    }
    foundIn = nvStore;
    return nvStore.nextVisible(VariableStore.NONE, requiredAttributes());
  }

  VariableStore foundIn() {
    return foundIn;
  }
}
